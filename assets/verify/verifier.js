// Verifies and reads the signed codes of kiosk/domain/sealed.py. No network, no library.
"use strict";

const PREFIX = "ALV1:";
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CONTEXT = new TextEncoder().encode("alveole.signed-code.1\0");
const FORMAT = 1, COMPRESSED = 0x80, HEAD = 6, SIGNATURE = 64;
const BODY_MAX = 400, TEXT_MAX = 720, LINES_MAX = 4, VARINT_BYTES_MAX = 6;

class Foreign extends Error {}

function fromBase45(text) {
  const out = [];
  for (let i = 0; i < text.length; i += 3) {
    const part = text.slice(i, i + 3);
    const size = part.length - 1;
    const digits = [...part].map((char) => ALPHABET.indexOf(char));
    const number = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (size < 1 || digits.includes(-1) || number >= 256 ** size) throw new Foreign("base45");
    if (size === 2) out.push(number >> 8);
    out.push(number & 255);
  }
  return Uint8Array.from(out);
}

function fromHex(hex) {
  return Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function joined(...parts) {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

async function sha(name, bytes) {
  return new Uint8Array(await crypto.subtle.digest(name, bytes));
}

// A zlib stream of fixed Huffman codes or stored bytes (RFC 1950, RFC 1951).
function inflated(stream) {
  let at = 16, end = false;
  const out = [];
  const bits = (count) => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) {
      if (at >> 3 >= stream.length) throw new Foreign("zlib");
      value |= (stream[at >> 3] >> (at & 7) & 1) << i;
    }
    return value;
  };
  const huffman = (count) => {
    let value = 0;
    for (let i = 0; i < count; i++) value = value << 1 | bits(1);
    return value;
  };
  const symbol = () => {
    let code = huffman(7);
    if (code < 24) return code + 256;
    code = code << 1 | bits(1);
    if (code >= 48 && code < 192) return code - 48;
    if (code >= 192 && code < 200) return code + 88;
    return (code << 1 | bits(1)) - 256;
  };
  const length = (code) => {
    if (code === 285) return 258;
    const extra = code < 265 ? 0 : (code - 261) >> 2;
    return (code < 265 ? code - 254 : ((4 + ((code - 261) & 3)) << extra) + 3) + bits(extra);
  };
  const distance = (code) => {
    const extra = code < 4 ? 0 : (code >> 1) - 1;
    return (code < 4 ? code + 1 : ((2 + (code & 1)) << extra) + 1) + bits(extra);
  };
  while (!end) {
    end = bits(1) === 1;
    const kind = bits(2);
    if (kind === 0) {
      at = (at + 7) & ~7;
      const size = bits(16);
      bits(16);
      for (let i = 0; i < size; i++) out.push(bits(8));
    } else if (kind === 1) {
      for (let code = symbol(); code !== 256; code = symbol()) {
        if (code < 256) out.push(code);
        else {
          const size = length(code), back = distance(huffman(5));
          if (back > out.length) throw new Foreign("zlib");
          for (let i = 0; i < size; i++) out.push(out[out.length - back]);
        }
        if (out.length > BODY_MAX) throw new Foreign("zlib");
      }
    } else throw new Foreign("zlib");
    if (out.length > BODY_MAX) throw new Foreign("zlib");
  }
  return Uint8Array.from(out);
}

// Ed25519 (RFC 8032) for phones whose WebCrypto has none. Only public values are handled here,
// so that it need not take the same time for every input.
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a, m = P) => ((a % m) + m) % m;

function power(base, exponent) {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) {
    if (e & 1n) result = mod(result * b);
  }
  return result;
}

const inverse = (a) => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));
const ROOT = power(2n, (P - 1n) / 4n);
const little = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) + BigInt(byte), 0n);

function added([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * t2 * D), d = mod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(scalar, point) {
  let sum = [0n, 1n, 1n, 0n];
  for (let s = scalar, p = point; s > 0n; s >>= 1n, p = added(p, p)) {
    if (s & 1n) sum = added(sum, p);
  }
  return sum;
}

function point(bytes) {
  const all = little(bytes), sign = all >> 255n, y = all & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const u = mod(y * y - 1n), v = mod(D * y * y + 1n);
  let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n));
  if (mod(v * x * x) === mod(-u)) x = mod(x * ROOT);
  else if (mod(v * x * x) !== u) return null;
  if (x === 0n && sign) return null;
  if ((x & 1n) !== sign) x = mod(-x);
  return [x, y, 1n, mod(x * y)];
}

async function holdsHere(key, signature, message) {
  const a = point(key), r = point(signature.slice(0, 32)), s = little(signature.slice(32));
  if (!a || !r || s >= L) return false;
  const base = point(fromHex("58" + "66".repeat(31)));
  const k = little(await sha("SHA-512", joined(signature.slice(0, 32), key, message))) % L;
  const left = times(s, base), right = added(r, times(k, a));
  return mod(left[0] * right[2]) === mod(right[0] * left[2])
    && mod(left[1] * right[2]) === mod(right[1] * left[2]);
}

async function holds(key, signature, message) {
  let native;
  try {
    native = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    return holdsHere(key, signature, message);
  }
  return crypto.subtle.verify("Ed25519", native, signature, message);
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  raw(size) {
    const part = this.bytes.slice(this.at, this.at + size);
    if (part.length !== size) throw new Foreign("short");
    this.at += size;
    return part;
  }

  number() {
    let value = 0;
    for (let place = 0; place < VARINT_BYTES_MAX; place++) {
      const byte = this.raw(1)[0];
      value += (byte & 127) * 128 ** place;
      if (byte < 128) return value;
    }
    throw new Foreign("number");
  }

  signed() {
    const value = this.number();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  text() {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.raw(this.number()));
  }
}

function receiptOf(body) {
  const receipt = {
    what: "receipt", marks: body.number(), kind: body.number(), number: body.text(),
    at: body.number(), territory: body.text(), kiosk: body.text(), entry: body.number(),
    lastFour: body.text(), lines: [],
  };
  const count = body.number();
  if (count > LINES_MAX) throw new Foreign("lines");
  for (let i = 0; i < count; i++) receipt.lines.push({ label: body.text(), cents: body.signed() });
  return receipt;
}

function ticketOf(body) {
  return {
    what: "entry", id: [...body.raw(8)].map((b) => b.toString(16).padStart(2, "0")).join(""),
    marks: body.number(), at: body.number(), firstDay: body.number(), lastDay: body.number(),
    product: body.text(), quantity: body.number(), cents: body.number(), kiosk: body.text(),
  };
}

// Gives {state: "good", value}, {state: "forged"} or {state: "foreign"}; keys are in hexadecimal.
async function verified(text, keys) {
  try {
    const found = text.slice(Math.max(text.indexOf(PREFIX), 0)).split(/[\r\n]/)[0];
    if (!found.startsWith(PREFIX) || found.length > TEXT_MAX) return { state: "foreign" };
    const data = fromBase45(found.slice(PREFIX.length));
    const frame = data.slice(0, -SIGNATURE), signature = data.slice(-SIGNATURE);
    if (frame.length < HEAD || frame[0] !== FORMAT) return { state: "foreign" };
    const name = frame.slice(2, HEAD).join();
    for (const key of keys.map(fromHex)) {
      if ((await sha("SHA-256", key)).slice(0, 4).join() !== name) continue;
      if (!await holds(key, signature, joined(CONTEXT, frame))) return { state: "forged" };
      const carried = frame.slice(HEAD);
      const body = new Reader(frame[1] & COMPRESSED ? inflated(carried) : carried);
      const kind = frame[1] & ~COMPRESSED;
      if (kind !== 1 && kind !== 2) return { state: "foreign" };
      const value = kind === 1 ? receiptOf(body) : ticketOf(body);
      return body.at === body.bytes.length ? { state: "good", value } : { state: "foreign" };
    }
    return { state: "foreign" };
  } catch (wrong) {
    if (wrong instanceof Foreign || wrong instanceof TypeError) return { state: "foreign" };
    throw wrong;
  }
}
