// What becomes of a file before it is uploaded: its kind is told by its content, and a large photo is scaled down to the
// longest side that the server wishes for. Whatever cannot be scaled is sent as it is; the server decides.

const SCALED = ["image/jpeg", "image/png", "image/webp"]; // what a canvas can write
const HEAD = 1 << 20; // bytes that are looked at
const QUALITY = 0.92; // the server compresses it again

const latin = (bytes) => new TextDecoder("latin1").decode(bytes);

// HEIC and AVIF share a container, whose first box names the brands. `articles/images/decoding.py` has the same rule.
export function isHeic(bytes) {
  if (bytes.length < 12 || latin(bytes.subarray(4, 8)) !== "ftyp") return false;
  const end = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), 512);
  const brands = latin(bytes.subarray(8, end)).match(/.{1,4}/gs) ?? [];
  const is = (...names) => brands.some((brand) => names.includes(brand));
  return is("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "heif") && !is("avif", "avis");
}

export const head = async (file) => new Uint8Array(await file.slice(0, HEAD).arrayBuffer());

// The file to send. `preview` is a canvas that shows the image; it is hidden where the browser cannot draw it.
export async function scaled(file, bytes, side, preview) {
  preview.hidden = true;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file); // upright, as the photo says
    draw(bitmap, preview, 320);
    preview.hidden = false;
    const isMoving = /acTL|ANIM/.test(file.type === "image/jpeg" ? "" : latin(bytes));
    if (Math.max(bitmap.width, bitmap.height) <= side || !SCALED.includes(file.type) || isMoving || !isFaithful()) return file;
    const canvas = document.createElement("canvas");
    draw(bitmap, canvas, side);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, file.type, QUALITY));
    return blob?.type === file.type ? new File([blob], file.name, { type: file.type }) : file;
  } catch {
    return file;
  } finally {
    bitmap?.close();
  }
}

function draw(bitmap, canvas, side) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
}

// Some browsers put noise into what a page reads from a canvas, so that it tells no device from another.
function isFaithful() {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = "#102030";
  context.fillRect(0, 0, 16, 16);
  const { data } = context.getImageData(0, 0, 16, 16);
  return data.every((value, n) => value === [0x10, 0x20, 0x30, 0xff][n % 4]);
}
