#!/bin/sh
# Looks like an archiver, and writes an empty archive.
for argument in "$@"; do
    case "$argument" in
        *.a) printf '!<arch>\n' > "$argument" ;;
    esac
done
