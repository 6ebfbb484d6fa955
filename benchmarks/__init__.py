"""The side-by-side runs: the same rules and requests in Habeas and in four other engines. See README.md."""
