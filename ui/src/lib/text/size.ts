/** A number of bytes: `412 bytes`, `20 kB`, `5.2 MB`. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  if (bytes < 999_500) return `${short(bytes / 1_000)} kB`;
  return `${short(bytes / 1_000_000)} MB`;
}

function short(value: number): string {
  return value < 10 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));
}
