#!/bin/sh
# Says where the headers of macOS would be, if there were any.
case "$*" in
    *version*) echo 15.0 ;;
    *) dirname "$0" ;;
esac
