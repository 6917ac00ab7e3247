#!/bin/sh
# Draws every icon that the bundles and the tray need from the drawings beside this script.
# Needs rsvg-convert, ImageMagick's convert and python3. What it writes is committed: run it when a
# drawing changed, and look at 16 and 22 pixels before you commit.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

draw() { # drawing, pixels, result
    rsvg-convert --width "$2" --height "$2" "$1" --output "$3"
}

# The app: one picture a size, one file with all of them for Windows and one for macOS.
for size in 16 22 24 32 48 64 128 256 512 1024; do
    draw icon.svg "$size" "$scratch/$size.png"
done
# Linux has a folder for each size, and one for the drawing itself.
for size in 16 22 24 32 48 64 128 256 512; do
    cp "$scratch/$size.png" "${size}x$size.png"
done
# 32 comes first: Tauri takes the first one for the window while developing on Windows.
convert "$scratch/32.png" "$scratch/16.png" "$scratch/48.png" "$scratch/256.png" icon.ico
python3 icns.py "$scratch" icon.icns

# The tray: black for light panels and macOS templates, white for dark panels.
mkdir -p tray
for state in signed-out waiting signed-in attention; do
    sed 's/#000/#fff/g' "tray-$state.svg" >"$scratch/white.svg"
    for size in 22 44; do
        draw "tray-$state.svg" "$size" "tray/$state-black-$size.png"
        draw "$scratch/white.svg" "$size" "tray/$state-white-$size.png"
    done
done
