"use strict";
// Checks a receipt on the reader's device. First the checking, which knows no page; then the page around it.
// Nothing is fetched and nothing is kept. SHA-256 and Ed25519 are the browser's own (WebCrypto); where one of them
// is missing the page says so and gives no verdict. The formats: habeas/receipt/v1, C2SP signed-note,
// tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-policy, tlog-witness (add-checkpoint), RFC 6962.

// ---- the checking -----------------------------------------------------------------------------------------------

const LONGEST = 4_000_000;     // bytes of any file read here; a receipt has some thousand
const MOST_ENTRIES = 1000;     // in one receipt
const SILENCE = 48 * 60 * 60;  // seconds; the log publishes once a day, two days without are silence
const LAST_DAY = 253402300799n; // the end of the year 9999
const ED25519 = 1, COSIGNATURE = 4, MLDSA44 = 6;
const GROUPS = {
  count: ("kind month door state instrument measure categories offences basis authorisation footing emergency " +
    "decision ground how given accounts days again").split(" "),
  person: "account asked outcome on".split(" "),
  paper: "nature document".split(" "),
};

/** What failed. `entry` counts from 1; 0: not at any one of them. */
class Failure extends Error {
  constructor(step, entry = 0) {
    super(step);
    this.step = step;
    this.entry = entry;
  }
}
const need = (holds, step, entry = 0) => {
  if (!holds) throw new Failure(step, entry);
};

const utf8 = new TextEncoder();
const bytesOf = (...parts) => {
  const all = parts.map((part) => (typeof part === "string" ? utf8.encode(part) : Uint8Array.from(part)));
  const joined = new Uint8Array(all.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};
const same = (a, b) => a.length === b.length && a.every((byte, place) => byte === b[place]);
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(...parts)));

/** True where the browser has both SHA-256 and Ed25519: it must take RFC 8032's second test and refuse a changed one. */
async function able() {
  const fromHex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const key = fromHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const signature = fromHex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  try {
    const empty = hexOf(await sha256(""));
    return empty === "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" &&
      await verified(key, signature, [0x72]) && !(await verified(key, signature, [0x73]));
  } catch {
    return false;
  }
}

async function verified(key, signature, message) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return await crypto.subtle.verify({ name: "Ed25519" }, imported, signature, bytesOf(message)) === true;
}

function textOf(bytes, step) {
  need(bytes.length <= LONGEST, step);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure(step);
  }
}

// Strict JSON: objects, lists, texts and whole numbers. JSON.parse would let the last of two equal keys win.
function parsed(text) {
  const token = /[ \n\r\t]*(?:([{}[\],:])|("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*")|(0|[1-9][0-9]*)(?![0-9.eE])|($))/y;
  const next = () => {
    const found = token.exec(text);
    need(found, "reading");
    return found;
  };
  const value = (found, depth) => {
    need(depth < 8, "reading");
    if (found[2] !== undefined) {
      const string = JSON.parse(found[2]);
      need(!/\p{Surrogate}/u.test(string), "reading"); // half of a pair has no UTF-8
      return string;
    }
    if (found[3] !== undefined) return { number: found[3] };
    const listed = found[1] === "[";
    need(listed || found[1] === "{", "reading");
    const list = [], object = new Map();
    for (let first = true; ; first = false) {
      let part = next();
      if (first && part[1] === (listed ? "]" : "}")) break;
      if (listed) {
        list.push(value(part, depth + 1));
      } else {
        need(part[2] !== undefined, "reading");
        const key = value(part, depth + 1);
        need(next()[1] === ":" && !object.has(key), "reading");
        object.set(key, value(next(), depth + 1));
      }
      part = next();
      if (part[1] === (listed ? "]" : "}")) break;
      need(part[1] === ",", "reading");
    }
    return listed ? list : object;
  };
  const whole = value(next(), 0);
  need(next()[4] !== undefined, "reading");
  return whole;
}

const shaped = (value, ...keys) => {
  need(value instanceof Map && value.size === keys.length && keys.every((key) => value.has(key)), "reading");
  return keys.map((key) => value.get(key));
};
const string = (value) => {
  need(typeof value === "string", "reading");
  return value;
};
const list = (value) => {
  need(Array.isArray(value), "reading");
  return value;
};
const hash = (value) => { // 32 bytes in 64 small hexadecimal digits
  need(typeof value === "string" && /^[0-9a-f]{64}$/.test(value), "reading");
  return Uint8Array.from(value.match(/../g), (pair) => parseInt(pair, 16));
};

/** Standard base64, padded, and only in the one way to write these bytes (RFC 4648 section 4). */
function unbase64(text, step) {
  need(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text), step);
  const raw = atob(text);
  need(btoa(raw) === text, step);
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}
const number = (text, step) => {
  need(/^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number(text) <= Number.MAX_SAFE_INTEGER, step);
  return Number(text);
};
const hashes = (lines, step) => {
  need(lines.length <= 63, step); // no tree is deeper
  return lines.map((line) => {
    const bytes = unbase64(line, step);
    need(bytes.length === 32, step);
    return bytes;
  });
};
const cut = (text, mark) => {
  const at = text.indexOf(mark);
  return at < 0 ? null : [text.slice(0, at), text.slice(at + mark.length)];
};

// A field is opened (salt, value), withheld (commitment), or asked of the reader (salt alone: the account).
function fieldsOf(value, group) {
  const names = GROUPS[group];
  need(list(value).length === names.length, "reading");
  return value.map((each, place) => {
    need(each instanceof Map && each.get("name") === names[place], "reading");
    const name = names[place];
    if (each.has("commitment")) return { name, commitment: hash(shaped(each, "name", "commitment")[1]) };
    if (each.has("value")) {
      const [, salt, opened] = shaped(each, "name", "salt", "value");
      return { name, salt: hash(salt), value: string(opened) };
    }
    need(name === "account", "reading");
    return { name, salt: hash(shaped(each, "name", "salt")[1]), asked: true };
  });
}

const h = (domain, ...parts) => sha256(...[domain, ...parts].flatMap((part) => {
  const bytes = bytesOf(part);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return [length, bytes];
}));

/** Unicode's full case folding. Cherokee folds to its capitals, all other scripts to their small letters. */
const folded = (text) => Array.from(text, (letter) => {
  if (letter === "\u0131") return letter; // dotless i
  if (letter === "\u1e9e") return "ss"; // capital sharp s
  if (/[\u13a0-\u13fd\uab70-\uabbf]/.test(letter)) return letter.toUpperCase();
  return Array.from(letter.toUpperCase(), (capital) => capital.toLowerCase()).join("");
}).join("");

const byCodePoint = (a, b) => {
  const left = Array.from(a, (letter) => letter.codePointAt(0)), right = Array.from(b, (letter) => letter.codePointAt(0));
  const place = left.findIndex((point, at) => point !== right[at]);
  return place < 0 ? left.length - right.length : left[place] - (right[place] ?? -1);
};

/** An account in the form in which it is committed to: one identifier a line, each once and in order, white space as
 * one space, letters folded. */
function plainAccount(typed) {
  const lines = typed.split(/[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/).map((line) => folded(line.split(
    /[\t-\r\x1c-\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/).filter(Boolean).join(" ")));
  return Array.from(new Set(lines.filter(Boolean))).sort(byCodePoint).join("\n");
}

async function leafOf(groups, account, entry) {
  const commitments = [];
  for (const group of Object.keys(GROUPS)) {
    const { closed, fields } = groups[group];
    if (closed) {
      commitments.push(closed);
      continue;
    }
    const parts = [];
    for (const field of fields) {
      if (field.commitment) {
        parts.push(field.commitment);
        continue;
      }
      let value = field.value;
      if (field.name === "account") {
        need(!field.asked || account !== "", "account-needed", entry);
        need(field.asked || value === "" || account === "" || value === account, "account", entry);
        if (field.asked) value = account;
      }
      parts.push(await h("habeas/field/v1", group, field.name, field.salt, value));
    }
    commitments.push(await h("habeas/group/v1", group, ...parts));
  }
  return bytesOf("habeas/leaf/v1\n\n", ...commitments);
}

const NO_NAME = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;
const isName = (text) => text !== "" && !NO_NAME.test(text);

// Points of small order, for which a signature proves nothing: y is 0, 1, -1, one of two of order 8, or 0 and 1 beyond p.
const SMALL_ORDER = new Set([
  "00".repeat(32), "01" + "00".repeat(31),
  ...["ec", "ed", "ee"].map((low) => low + "ff".repeat(30) + "7f"),
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);

async function keyOf(vkey, kinds, step) {
  const [name, rest] = cut(vkey, "+") ?? [];
  const [id, encoded] = cut(rest ?? "", "+") ?? [];
  need(encoded !== undefined && isName(name), step);
  const bytes = unbase64(encoded, step);
  const kind = bytes[0], key = bytes.slice(1);
  need(bytes.length > 0 && kinds.includes(kind), step);
  if (kind === MLDSA44) {
    need(key.length === 1312, step);
  } else {
    need(key.length === 32, step);
    const unsigned = key.slice();
    unsigned[31] &= 0x7f;
    need(!SMALL_ORDER.has(hexOf(unsigned)), step);
  }
  need(hexOf((await sha256(name, "\n", bytes)).slice(0, 4)) === id, step);
  return { vkey, name, id, kind, key };
}

function checkpointOf(text, step) {
  const at = text.lastIndexOf("\n\n");
  need(at >= 0 && text.endsWith("\n") && at + 2 < text.length && !/[\u0000-\u0009\u000b-\u001f]/.test(text), step);
  const lines = text.slice(0, at).split("\n");
  need(lines.length >= 3 && lines.every((line) => line !== ""), step);
  const signed = text.slice(at + 2, -1).split("\n");
  need(signed.length <= 100, step);
  return {
    text: text.slice(0, at + 1),
    origin: lines[0],
    size: number(lines[1], step),
    root: hashes([lines[2]], step)[0],
    signatures: signed.map((line) => {
      const parts = line.split(" ");
      need(parts.length === 3 && parts[0] === "\u2014" && isName(parts[1]), step);
      const bytes = unbase64(parts[2], step);
      need(bytes.length > 4, step);
      return { name: parts[1], id: hexOf(bytes.slice(0, 4)), bytes: bytes.slice(4) };
    }),
  };
}

/** The log's signature and those of the witnesses: when each key signed last (seconds), and who could not be checked. */
async function signers(checkpoint, log, witnesses, logStep, witnessStep, entry) {
  const by = (key) => checkpoint.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  for (const { bytes } of by(log)) {
    need(bytes.length === 64 && await verified(log.key, bytes, utf8.encode(checkpoint.text)), logStep, entry);
  }
  need(by(log).length > 0 && checkpoint.origin === log.name, logStep, entry);
  const at = new Map(), unchecked = new Set();
  for (const witness of witnesses) {
    for (const { bytes } of by(witness)) {
      if (witness.kind === MLDSA44) {
        unchecked.add(witness.name);
        continue;
      }
      need(bytes.length === 72, witnessStep, entry);
      const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
      const message = utf8.encode(`cosignature/v1\ntime ${time}\n${checkpoint.text}`);
      need(time > 0n && time <= LAST_DAY && await verified(witness.key, bytes.slice(8), message), witnessStep, entry);
      at.set(witness.vkey, Math.max(at.get(witness.vkey) ?? 0, Number(time)));
    }
  }
  return { at, unchecked };
}

// Keys of one name are one witness.
const counted = (at) => new Set(Array.from(at.keys(), (vkey) => cut(vkey, "+")[0])).size;
const names = (keys) => new Set(keys.map(({ name }) => name)).size;
const newest = (at) => Math.max(0, ...at.values());

async function policyOf(text) {
  need(!/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text), "policy");
  const logs = [], witnesses = [], rules = new Map(), members = new Set();
  let met = null;
  const once = (keys, key) => {
    need(!keys.some((other) => same(other.key, key.key)), "policy");
    keys.push(key);
  };
  for (const line of text.split("\n")) {
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    const [kind, name, third] = words;
    if (words.length === 0 || kind.startsWith("#")) continue;
    const isNew = words.length > 2 && !rules.has(name) && name !== "none";
    if (kind === "log" && (words.length === 2 || words.length === 3)) {
      once(logs, await keyOf(name, [ED25519, MLDSA44], "policy"));
    } else if (kind === "witness" && (words.length === 3 || words.length === 4) && isNew) {
      const key = await keyOf(third, [COSIGNATURE, MLDSA44], "policy");
      once(witnesses, key);
      rules.set(name, (at) => at.has(key.vkey));
    } else if (kind === "group" && words.length >= 4 && isNew) {
      const inside = words.slice(3).map((member) => {
        need(rules.has(member) && !members.has(member), "policy");
        members.add(member);
        return rules.get(member);
      });
      const decimal = /^[1-9][0-9]{0,8}$/.test(third) ? Number(third) : 0;
      const least = third === "any" ? 1 : third === "all" ? inside.length : decimal;
      need(1 <= least && least <= inside.length, "policy");
      rules.set(name, (at) => inside.filter((rule) => rule(at)).length >= least);
    } else {
      need(kind === "quorum" && words.length === 2 && met === null && (name === "none" || rules.has(name)), "policy");
      met = name === "none" ? () => true : rules.get(name);
    }
  }
  need(met !== null, "policy");
  return { logs, witnesses, met };
}

const node = (left, right) => sha256([1], left, right);

/** RFC 9162 section 2.1.3.2, which says the same as RFC 6962; sizes are below 2^53, so halves are taken by division. */
async function included(proof, index, size, root, leaf) {
  if (index >= size) return false;
  let at = index, last = size - 1, reached = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      reached = await node(sibling, reached);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      reached = await node(reached, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(reached, root);
}

/** RFC 9162 section 2.1.4.2, for 0 < old < size. */
async function continues(proof, old, oldRoot, size, root) {
  let power = 1;
  while (power < old) power *= 2;
  const path = power === old ? [oldRoot, ...proof] : proof;
  if (path.length === 0) return false;
  let at = old - 1, last = size - 1;
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let before = path[0], after = path[0];
  for (const step of path.slice(1)) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      before = await node(step, before);
      after = await node(step, after);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      after = await node(after, step);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(before, oldRoot) && same(after, root);
}

function entryOf(value) {
  const [grouped, proofText] = shaped(value, "groups", "proof");
  const names = Object.keys(GROUPS), given = shaped(grouped, ...names), groups = {};
  names.forEach((name, place) => {
    const group = given[place];
    groups[name] = typeof group === "string" ? { closed: hash(group) } : { fields: fieldsOf(group, name) };
  });
  const [head, note] = cut(string(proofText), "\n\n") ?? [];
  const lines = (head ?? "").split("\n");
  need(note !== undefined && lines.shift() === "c2sp.org/tlog-proof@v1", "reading");
  if (lines[0]?.startsWith("extra ")) unbase64(lines.shift().slice(6), "reading");
  need(lines[0]?.startsWith("index "), "reading");
  const index = number(lines.shift().slice(6), "reading");
  return { groups, index, proof: hashes(lines, "reading"), checkpoint: checkpointOf(note, "reading") };
}

function receiptOf(bytes) {
  const [format, reader, log, witnesses, quorum, entries] = shaped(
    parsed(textOf(bytes, "reading")), "format", "for", "log", "witnesses", "quorum", "entries");
  need(format === "habeas/receipt/v1" && ["person concerned", "authority", "auditor"].includes(reader), "reading");
  need(typeof quorum.number === "string" && list(entries).length > 0, "reading");
  need(entries.length <= MOST_ENTRIES, "reading");
  const made = {
    reader, quorum: number(quorum.number, "reading"), log: string(log), witnesses: list(witnesses).map(string),
    entries: entries.map(entryOf),
  };
  need(new Set(made.entries.map(({ index }) => index)).size === made.entries.length, "reading");
  return made;
}

/**
 * Bytes in, answer out; throws Failure. `view` and `policy` are bytes or null, `account` text or "", `now` in seconds.
 * `noted` is told of what was read, so that a page can show as much as was reached before something failed.
 */
async function check({ receipt: bytes, view, policy, account, now }, noted = {}) {
  const receipt = receiptOf(bytes);
  noted.receipt = receipt;
  const log = await keyOf(receipt.log, [ED25519], "keys");
  let witnesses = [];
  for (const vkey of receipt.witnesses) {
    const key = await keyOf(vkey, [COSIGNATURE, MLDSA44], "keys");
    need(!witnesses.some((other) => same(other.key, key.key)), "keys");
    witnesses.push(key);
  }
  need(receipt.quorum <= names(witnesses), "keys");
  let met = (at) => counted(at) >= receipt.quorum, logFrom = "receipt", witnessesFrom = "receipt";
  if (policy) {
    const trusted = await policyOf(textOf(policy, "policy"));
    need(trusted.logs.length === 0 || trusted.logs.some(({ vkey }) => vkey === log.vkey), "trust");
    if (trusted.logs.length > 0) logFrom = "policy";
    ({ witnesses, met } = trusted);
    witnessesFrom = "policy";
  }
  // The log's own key, or a key under its name, is no witness.
  for (const { name, key } of witnesses) need(name !== log.name && !same(key, log.key), "keys");
  noted.witnesses = witnesses;

  const answer = {
    grade: 1, step: "", entry: 0, witnessed: names(witnesses), witnesses: names(witnesses), quorum_met: true,
    unchecked: 0, log_from: logFrom, witnesses_from: witnessesFrom, view: "", view_time: 0, stale: false, entries: [],
  };
  const roots = new Map();
  for (const [place, { groups, index, proof, checkpoint }] of receipt.entries.entries()) {
    const entry = place + 1, { size, root } = checkpoint;
    const { at, unchecked } = await signers(checkpoint, log, witnesses, "log", "witnesses", entry);
    noted.signed = entry;
    const leaf = await sha256([0], await leafOf(groups, account, entry));
    need(await included(proof, index, size, root, leaf), "inclusion", entry);
    need(!roots.has(size) || same(roots.get(size), root), "fork", entry);
    roots.set(size, root);
    answer.witnessed = Math.min(answer.witnessed, counted(at));
    answer.unchecked = Math.max(answer.unchecked, unchecked.size);
    answer.quorum_met &&= met(at);
    answer.entries.push({ index, size, leaf: hexOf(leaf), time: newest(at) });
  }
  need(answer.quorum_met || !policy, "quorum");
  if (answer.quorum_met && answer.witnessed > 0) answer.grade = 2;
  noted.answer = answer;
  if (!view) return answer;

  let note = textOf(view, "view"), old = 0, proof = [];
  if (note.startsWith("old ")) { // the body of tlog-witness add-checkpoint: where the proof starts, the proof, the checkpoint
    const [head, rest] = cut(note, "\n\n") ?? [];
    need(rest !== undefined, "view");
    const lines = head.split("\n");
    old = number(lines.shift().slice(4), "view");
    proof = hashes(lines, "view");
    note = rest;
  }
  const other = checkpointOf(note, "view");
  const { at } = await signers(other, log, witnesses, "view", "view", 0);
  need(old <= other.size, "view");
  let compared = "same";
  for (const [place, { checkpoint: { size, root } }] of receipt.entries.entries()) {
    if (size === other.size) {
      need(same(root, other.root), "fork", place + 1);
    } else if (size === old) {
      need(await continues(proof, old, root, other.size, other.root), "consistency", place + 1);
      if (compared === "same") compared = "consistent";
    } else {
      compared = "incomparable";
    }
  }
  const grade = compared === "incomparable" ? answer.grade : 3;
  const viewTime = newest(at), stale = viewTime > 0 && now - viewTime > SILENCE;
  return { ...answer, grade, view: compared, view_time: viewTime, stale };
}

// ---- the page ---------------------------------------------------------------------------------------------------

const WORDS = {/* the words of one language are put here */};
const LANGUAGE = document.documentElement.lang;
const $ = (id) => document.getElementById(id);
const made = (tag, classes = "", ...inside) => {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  element.append(...inside);
  return element;
};
const bdi = (text, tag = "bdi") => {
  const element = made(tag, "", String(text));
  element.dir = tag === "bdi" ? "auto" : "ltr";
  return element;
};
const count = (value) => new Intl.NumberFormat(LANGUAGE).format(value);
const moment = (seconds) => new Intl.DateTimeFormat(LANGUAGE, {
  dateStyle: "long", timeStyle: "short", timeZone: "UTC", calendar: "gregory",
}).format(new Date(seconds * 1000)) + " UTC";
/** The sentence of this name, {places} filled. */
const say = (name, filled = {}) => WORDS.say[name].replace(/\{(\w+)\}/g, (_, place) => String(filled[place]));

const inputs = {}; // of receipt, view, policy: what was given last, its name and a way to its bytes
const taken = (file) => ({ name: file.name, read: () => file.slice(0, LONGEST + 1).arrayBuffer() });
for (const name of ["receipt", "view", "policy"]) {
  const file = $(`${name}-file`), paste = $(`${name}-text`);
  file.addEventListener("change", () => {
    paste.value = "";
    if (file.files.length > 0) inputs[name] = taken(file.files[0]);
    else delete inputs[name];
  });
  paste.addEventListener("input", () => {
    file.value = "";
    const text = paste.value;
    if (text.trim() === "") delete inputs[name];
    // What is copied out of a page often loses its last line end, and a note must have it.
    else inputs[name] = { name: "", read: () => utf8.encode(text.endsWith("\n") ? text : text + "\n") };
  });
}

async function given(name, step) {
  if (!inputs[name]) return null;
  try {
    return new Uint8Array(await inputs[name].read());
  } catch {
    throw new Failure(step); // moved away or changed since it was chosen
  }
}

// A file let go anywhere on the page is a receipt, unless it is let go over the field of another file.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  const [file] = event.dataTransfer?.files ?? [];
  if (event.target instanceof HTMLInputElement && event.target.type === "file") return;
  event.preventDefault();
  if (!file) return;
  back();
  $("receipt-file").value = "";
  $("receipt-text").value = "";
  inputs.receipt = taken(file);
  await run();
});

$("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  await run();
});
$("again").addEventListener("click", () => {
  back();
  $("receipt-file").focus();
});
$("print").addEventListener("click", () => window.print());

function back() {
  $("result").hidden = true;
  $("ask").hidden = false;
  $("status").textContent = "";
  document.title = WORDS.title;
}

async function run() {
  $("nothing").hidden = true;
  if (!inputs.receipt) {
    $("nothing").hidden = false;
    $("receipt-file").setAttribute("aria-invalid", "true");
    $("receipt-file").focus();
    return;
  }
  $("receipt-file").removeAttribute("aria-invalid");
  $("status").textContent = WORDS.checking;
  const noted = {};
  let answer;
  try {
    need(await able(), "browser");
    answer = await check({
      receipt: await given("receipt", "reading"), view: await given("view", "view"), policy: await given("policy", "policy"),
      account: plainAccount($("account").value), now: Math.floor(Date.now() / 1000),
    }, noted);
  } catch (failure) {
    if (!(failure instanceof Failure)) console.error(failure);
    // An error of this page itself is no verdict on the receipt, and never a pass.
    answer = { grade: 0, step: failure instanceof Failure ? failure.step : "browser", entry: failure.entry ?? 0 };
  }
  show(answer, noted);
}

const NEXT = { // which advice follows a step that failed
  browser: "browser", reading: "copy", keys: "trust", policy: "input", trust: "trust", log: "trust", witnesses: "trust",
  quorum: "trust", "account-needed": "input", account: "copy", inclusion: "copy", view: "input", fork: "fork",
  consistency: "fork",
};
const NO_VERDICT = ["browser", "account-needed", "view", "policy"]; // nothing is said against the receipt

function show(answer, noted) {
  const verdict = answer.step ? WORDS.failed[answer.step] : WORDS.holds[answer.stale ? "stale" : answer.grade];
  const filled = { k: count(answer.witnessed ?? 0), n: count(answer.witnesses ?? 0), entry: count(answer.entry) };
  const fill = (text) => text.replace(/\{(\w+)\}/g, (_, place) => filled[place]);
  // The operator's word alone is no reason for a check mark.
  const kind = !answer.step ? (answer.stale || answer.grade < 2 ? "ask" : "met") : NO_VERDICT.includes(answer.step) ? "ask" : "stop";
  const heading = $("verdict");
  heading.replaceChildren(made("span", `mk big ${kind}`), made("span", "", fill(verdict.title)));
  $("lead").textContent = fill(verdict.text);
  $("file").replaceChildren(bdi(inputs.receipt.name || WORDS.pasted));

  const links = $("checks");
  links.replaceChildren(...steps(answer, noted).map(([mark, title, ...small]) => made(
    "li", "", made("span", `mk ${mark}`), made("span", "hush", WORDS.mark[mark] + ": "), made("b", "", title),
    ...small.filter(Boolean).map((text) => made("span", "small", text)))));

  const keys = $("keys");
  keys.replaceChildren();
  $("keys-part").hidden = !noted.witnesses;
  if (noted.witnesses) {
    $("keys-text").textContent = answer.log_from === "policy" ? WORDS.keys.policy : WORDS.keys.receipt;
    for (const [name, vkey] of [["log", noted.receipt.log], ...noted.witnesses.map((key) => ["witness", key.vkey])]) {
      keys.append(made("div", "", made("dt", "", WORDS.keys[name]), made("dd", "", bdi(vkey, "code"))));
    }
  }

  const entries = $("entries");
  entries.replaceChildren();
  const shown = answer.step ? [] : noted.receipt.entries;
  $("entries-part").hidden = shown.length === 0;
  shown.forEach((entry, place) => entries.append(entryShown(entry, answer.entries[place], place, shown.length)));

  const next = WORDS.next[answer.step ? NEXT[answer.step] : answer.stale ? "stale" : "holds"];
  $("next").replaceChildren(...next.map((text) => made("li", "", text)));
  $("answer").textContent = JSON.stringify(answer, null, 1);
  $("ask").hidden = true;
  $("result").hidden = false;
  document.title = `${fill(verdict.title)} - ${WORDS.title}`;
  $("status").textContent = fill(verdict.title);
  heading.focus();
}

/** The chain of what was checked, in the order of the checking: [mark, title, small texts...]. */
function steps(answer, noted) {
  const order = ["reading", "keys", "log", "witnesses", "inclusion", "view"];
  const within = {
    browser: "reading", policy: "keys", trust: "keys", "account-needed": "inclusion", account: "inclusion",
    fork: noted.answer ? "view" : "inclusion", consistency: "view", quorum: "witnesses",
  };
  const stopped = answer.step ? order.indexOf(within[answer.step] ?? answer.step) : order.length;
  const checkpoint = noted.receipt?.entries[0].checkpoint;
  const partial = noted.answer ?? answer;
  const details = {
    reading: () => [say("entries", { n: count(noted.receipt.entries.length) })],
    keys: () => [WORDS.say[answer.log_from === "policy" ? "keys_policy" : "keys_receipt"]],
    log: () => [say("checkpoint", { size: count(checkpoint.size), origin: `\u2068${checkpoint.origin}\u2069` })],
    witnesses: () => {
      const { witnessed: k, witnesses: n, quorum_met: met, unchecked } = partial;
      if (k === undefined) return [];
      const time = Math.min(...partial.entries.map((entry) => entry.time));
      return [
        n === 0 ? WORDS.say.nobody : say("cosigned", { k: count(k), n: count(n) }), met ? "" : WORDS.say.short,
        time > 0 ? say("seen", { time: moment(time) }) : "", unchecked > 0 ? say("unchecked", { n: count(unchecked) }) : "",
      ];
    },
    inclusion: () => [say("steps", { n: count(noted.receipt.entries.reduce((sum, { proof }) => sum + proof.length, 0)) })],
    view: () => [answer.view ? WORDS.say[`view_${answer.view}`] : WORDS.say.view_none,
      answer.view_time > 0 ? say("seen", { time: moment(answer.view_time) }) : "", answer.stale ? WORDS.say.stale : ""],
  };
  return order.map((name, place) => {
    if (place > stopped) return ["bar", WORDS.step[name], WORDS.say.not_checked];
    if (place === stopped) {
      const mark = NO_VERDICT.includes(answer.step) ? "ask" : "stop";
      return [mark, WORDS.step[name], answer.entry > 0 ? say("at_entry", { n: count(answer.entry) }) : "", WORDS.say.stopped];
    }
    let mark = "met", title = WORDS.step[name];
    if (name === "witnesses" && partial.witnessed === 0) title = WORDS.say.no_witness;
    if (name === "witnesses" && (partial.witnessed === 0 || partial.quorum_met === false)) mark = "ask";
    if (name === "keys" && answer.log_from !== "policy") mark = "ask";
    if (name === "view" && (answer.view === "incomparable" || answer.stale)) mark = "ask";
    if (name === "view" && !answer.view) mark = "bar";
    return [mark, title, ...details[name]()];
  });
}

function entryShown(entry, where, place, all) {
  const section = made("section", "entry");
  const title = made("h3", "", all > 1 ? say("entry_of", { i: count(place + 1), n: count(all) }) : WORDS.say.entry_one);
  title.id = `entry-${place + 1}`;
  section.setAttribute("aria-labelledby", title.id);
  section.append(title, made("p", "small quiet", say("stands", { index: count(where.index), size: count(where.size) })));
  for (const group of Object.keys(GROUPS)) {
    const { closed, fields } = entry.groups[group];
    if (closed) {
      section.append(made("p", "small quiet gap1", say("closed", { group: WORDS.group[group] })));
      continue;
    }
    const label = (name) => WORDS.field[name];
    const table = made("table", "opened");
    const body = made("tbody");
    for (const field of fields.filter(({ value, asked }) => asked || (value !== undefined && value !== ""))) {
      const head = made("th", "", label(field.name));
      head.scope = "row";
      body.append(made("tr", "", head, made("td", "", ...valueShown(field))));
    }
    table.append(made("caption", "", WORDS.group[group]), body);
    if (body.rows.length > 0) section.append(table);
    else section.append(made("p", "gap2", made("b", "", WORDS.group[group])));
    const listed = (chosen) => new Intl.ListFormat(LANGUAGE, { type: "unit" }).format(chosen.map(({ name }) => label(name)));
    const empty = fields.filter(({ value }) => value === ""), withheld = fields.filter(({ commitment }) => commitment);
    if (empty.length) section.append(made("p", "small quiet", say("empty", { fields: listed(empty) })));
    if (withheld.length) section.append(made("p", "small quiet", say("withheld", { fields: listed(withheld) })));
  }
  return section;
}

/** The value in words where there are words for it, and always as it stands in the log. */
function valueShown({ name, value, asked }) {
  if (asked) return [WORDS.say.yours];
  const words = WORDS.value[name] ?? {};
  const parts = name === "ground" ? value.split(" | ") : [value];
  if (Object.hasOwn(words, value)) return [words[value], " ", made("span", "code", bdi(value, "code"))];
  if (name === "document" && /^[0-9a-f]{64}$/.test(value)) return [bdi(value, "code")];
  return parts.flatMap((part, place) => (place ? [made("br"), bdi(part)] : [bdi(part)]));
}

$("form").reset(); // some browsers fill a page again that was left
$("without").hidden = true;
$("ask").hidden = false;
