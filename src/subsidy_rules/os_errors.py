"""Why the system refused a file, in the reader's language: the words that ``strerror`` only has in one."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final

from subsidy_rules.wording import Message

__all__ = ["why"]

_REASONS: Final[Mapping[int, Message]] = {
    errno.ENOENT: Message("ce fichier n’existe pas", "there is no such file"),
    errno.EACCES: Message("l’accès est refusé", "access is denied"),
    errno.EPERM: Message("l’opération n’est pas permise", "the operation is not permitted"),
    errno.EISDIR: Message("c’est un dossier", "it is a folder"),
    errno.ENOTDIR: Message("un élément du chemin n’est pas un dossier", "a part of the path is not a folder"),
    errno.EEXIST: Message("ce fichier existe déjà", "the file already exists"),
    errno.ENOSPC: Message("il n’y a plus de place sur le disque", "no space is left on the disk"),
    errno.EDQUOT: Message("le quota de disque est atteint", "the disk quota is reached"),
    errno.EROFS: Message("le disque est en lecture seule", "the disk is read-only"),
    errno.ELOOP: Message("les liens symboliques tournent en rond", "the symbolic links go round in circles"),
    errno.ENAMETOOLONG: Message("le nom est trop long", "the name is too long"),
    errno.EMFILE: Message("trop de fichiers sont ouverts", "too many files are open"),
    errno.EIO: Message("erreur de lecture ou d’écriture du disque", "input/output error of the disk"),
    errno.ENXIO: Message("le périphérique n’existe pas", "there is no such device"),
}
_OTHER: Final = Message("erreur {code:plain} du système", "system error {code:plain}")
_NAME: Final = Message("le nom n’est pas un nom de fichier", "the name is not a file name")


def why(error: OSError | ValueError) -> Message:
    """The reason of ``error``; a ``ValueError`` is what Python raises for a name that no system takes."""
    if not isinstance(error, OSError):
        return _NAME
    if error.errno is None:
        return _OTHER.having(code=0)
    return _REASONS.get(error.errno) or _OTHER.having(code=error.errno)
