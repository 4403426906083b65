"""One file for each format: the words of a document, its tables and their places, with no meaning added."""
