#!/bin/sh
# Looks like a compiler, and writes an empty object: what is only type-checked is never linked.
output=
last=
for argument in "$@"; do
    case "$argument" in
        -E) echo '#pragma message "clang"'; exit 0 ;;
        --version | -v) echo 'Apple clang version 17.0.0'; exit 0 ;;
    esac
    [ "$last" = -o ] && output=$argument
    last=$argument
done
[ -z "$output" ] || : > "$output"
