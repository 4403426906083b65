"""Zip archives and XML from unknown hands: docx, odt, xlsx and ods are both.

Nothing is ever written to disk. Every size is counted on the bytes that really come out, never on what the archive
announces. XML is read by the expat of the standard library, as a stream of events: an OOXML or OpenDocument part
never needs a document type, so one that declares entities is refused before any entity exists (which ends both
"billion laughs" and external entities), and elements deeper than the limit are refused as they open. A tree library
(lxml) would hold the whole part in memory several times over and adds a compiled dependency; defusedxml refuses the
same things but has no limit on depth or time.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final
from xml.parsers import expat

from subsidy_rules.reading import OTHER_KIND, Deadline, Limits, ReadError, check_size, recognise
from subsidy_rules.wording import Message

__all__ = ["Archive", "parse_xml"]

_NOT_ZIP: Final = Message(
    "le fichier est abîmé ou incomplet : ce n’est pas une archive zip entière",
    "the file is damaged or cut short: it is not a whole zip archive",
)
_OLE: Final = Message(
    "ce fichier est au format d’Office 97-2003, malgré son nom : enregistrez-le en .docx ou .xlsx",
    "despite its name, this file is in the format of Office 97-2003: save it as .docx or .xlsx",
)
_OLE_ENCRYPTED: Final = Message(
    "ce fichier est protégé par un mot de passe : enregistrez-en une copie sans mot de passe",
    "this file is protected by a password: save a copy of it without one",
)
_ENCRYPTED: Final = Message(
    "la partie « {part} » est chiffrée : enregistrez une copie du document sans mot de passe",
    "the part “{part}” is encrypted: save a copy of the document without a password",
)
_MEMBERS: Final = Message(
    "l’archive contient plus de {limit} parties : ce n’est pas un document ordinaire",
    "the archive holds more than {limit} parts: this is no ordinary document",
)
_ESCAPING: Final = Message(
    "l’archive contient une partie au nom dangereux, « {part} », qui sort du document",
    "the archive holds a part with a dangerous name, “{part}”, that leads out of the document",
)
_TWICE: Final = Message(
    "l’archive contient deux fois la partie « {part} » : deux lecteurs n’y liraient pas le même texte",
    "the archive holds the part “{part}” twice: two programs would not read the same text in it",
)
_METHOD: Final = Message(
    "la partie « {part} » est comprimée d’une façon que les documents n’emploient pas (méthode {method})",
    "the part “{part}” is compressed in a way that documents do not use (method {method})",
)
_PART_SIZE: Final = Message(
    "la partie « {part} » dépasse {limit} octets une fois décomprimée",
    "the part “{part}” is more than {limit} bytes once expanded",
)
_TOTAL_SIZE: Final = Message(
    "le contenu dépasse {limit} octets une fois décomprimé",
    "the content is more than {limit} bytes once expanded",
)
_RATIO: Final = Message(
    "la partie « {part} » grossit plus de {limit} fois à la décompression : c’est la marque d’un fichier piégé",
    "the part “{part}” grows more than {limit} times when expanded: the mark of a booby-trapped file",
)
_DAMAGED: Final = Message(
    "la partie « {part} » est abîmée ou incomplète",
    "the part “{part}” is damaged or cut short",
)
_ABSENT: Final = Message(
    "la partie « {part} » manque : le document est incomplet, ou d’un autre format que ne le dit son nom",
    "the part “{part}” is missing: the document is incomplete, or of another format than its name says",
)
_DOCTYPE: Final = Message(
    "la partie « {part} » déclare un type de document ou des entités XML, ce qu’un document bureautique ne fait pas : "
    "elle n’est pas lue",
    "the part “{part}” declares a document type or XML entities, which an office document does not do: it is not read",
)
_DEPTH: Final = Message(
    "la partie « {part} » emboîte plus de {limit} éléments les uns dans les autres",
    "the part “{part}” puts more than {limit} elements inside one another",
)
_NOT_XML: Final = Message(
    "la partie « {part} » est abîmée : XML incorrect à la ligne {line:plain}",
    "the part “{part}” is damaged: wrong XML at line {line:plain}",
)

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_MEGABYTE: Final = 1_000_000
_CHUNK: Final = 262_144
_CENTRAL: Final = b"PK\x01\x02"
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_ENCRYPTED_FLAG: Final = 0x1
# A docx encrypted by Office is an OLE file that holds a stream of this name, written in UTF-16.
_OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED_NAME: Final = "EncryptedPackage".encode("utf-16-le")


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or _DRIVE.match(name) is not None


class Archive:
    """A zip archive in memory whose parts are read on demand and within the limits.

    Building one raises `ReadError` when the bytes are no whole zip, when it is encrypted, when there are too many
    parts, two of one name, or one whose name leads out of the document.
    """

    __slots__ = ("_expanded", "_limits", "_members", "_zip")

    def __init__(self, data: bytes, limits: Limits) -> None:
        check_size(data, limits)
        if data.startswith(_OLE_SIGNATURE):
            raise ReadError(_OLE_ENCRYPTED if _OLE_ENCRYPTED_NAME in data else _OLE)
        kind = recognise(data)
        if kind is not None and kind != "zip":
            raise ReadError(OTHER_KIND[kind])
        # Each entry of the directory begins with this signature: counting it first keeps zipfile from building
        # a million entries only for us to refuse them.
        if data.count(_CENTRAL) > limits.members:
            raise ReadError(_MEMBERS.having(limit=limits.members))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error, IndexError):
            raise ReadError(_NOT_ZIP) from None
        self._limits = limits
        self._expanded = 0
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            if member.is_dir():
                continue
            if _leads_out(member.filename):
                raise ReadError(_ESCAPING.having(part=member.filename[:100]))
            if member.filename in self._members:
                raise ReadError(_TWICE.having(part=member.filename[:100]))
            self._members[member.filename] = member

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, in the order of the archive."""
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of one part. Raises `ReadError` when it is absent, encrypted, damaged or past a limit."""
        return b"".join(self._chunks(name, keep=True))

    def verify(self) -> None:
        """Expands every part once, keeping nothing: for a library that will open the same bytes by itself.

        Raises `ReadError` as `read` does.
        """
        for name in self._members:
            self._chunks(name, keep=False)

    def _chunks(self, name: str, *, keep: bool) -> list[bytes]:
        member = self._members.get(name)
        if member is None:
            raise ReadError(_ABSENT.having(part=name))
        limits = self._limits
        shown = name[:100]
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise ReadError(_ENCRYPTED.having(part=shown))
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ReadError(_METHOD.having(part=shown, method=member.compress_type))
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    self._expanded += len(chunk)
                    if size > limits.member_bytes:
                        raise ReadError(_PART_SIZE.having(part=shown, limit=limits.member_bytes))
                    if self._expanded > limits.expanded_bytes:
                        raise ReadError(_TOTAL_SIZE.having(limit=limits.expanded_bytes))
                    if size > _MEGABYTE and size > limits.expansion_ratio * max(1, member.compress_size):
                        raise ReadError(_RATIO.having(part=shown, limit=limits.expansion_ratio))
                    if keep:
                        chunks.append(chunk)
        except ReadError:
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error):
            raise ReadError(_DAMAGED.having(part=shown)) from None
        return chunks

    def beside(self, part: str, target: str) -> str | None:
        """The part that ``target``, written in ``part``, points to; ``None`` when it is not in the archive."""
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
        name = posixpath.normpath(path)
        return name if name in self._members else None


Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def parse_xml(
    data: bytes,
    *,
    part: str,
    limits: Limits,
    deadline: Deadline,
    prefixes: Mapping[str, str],
    start: Start,
    end: End | None = None,
    text: Text | None = None,
) -> None:
    """Sends the events of one XML part to ``start(name, attributes)``, ``end(name)`` and ``text(characters)``.

    ``prefixes`` gives the prefix to use for each namespace, whatever the file calls it: ``w:p`` is always ``w:p``.
    Names of other namespaces are written ``{namespace}name``; attributes without a namespace have their bare name.
    Raises `ReadError` on a document type or an entity, past the limit of depth, at the deadline, and on wrong XML.
    """
    names: dict[str, str] = {}

    def short(name: str) -> str:
        known = names.get(name)
        if known is None:
            space, _, local = name.rpartition("\n")
            prefix = "xml" if space == _XML else prefixes.get(space)
            if not space:
                known = local
            else:
                known = f"{prefix}:{local}" if prefix else f"{{{space}}}{local}"
            if len(names) < 10_000:  # names are the attacker's too
                names[name] = known
        return known

    depth = 0
    events = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, events
        depth += 1
        if depth > limits.depth:
            raise ReadError(_DEPTH.having(part=part, limit=limits.depth))
        events += 1
        if events & 0x1FFF == 0:
            deadline.check()
        start(short(name), {short(key): value for key, value in attributes.items()} if attributes else attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(short(name))

    def refuse(*_: object) -> None:
        raise ReadError(_DOCTYPE.having(part=part))

    def refuse_external(*_: object) -> int:
        raise ReadError(_DOCTYPE.having(part=part))

    # A line feed cannot stand in a namespace or a name, so it separates them without doubt.
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.SkippedEntityHandler = refuse
    parser.ExternalEntityRefHandler = refuse_external
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ReadError(_NOT_XML.having(part=part, line=error.lineno)) from None
    except (UnicodeError, LookupError, ValueError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(_NOT_XML.having(part=part, line=parser.CurrentLineNumber)) from None
