package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"
)

// Each thing is written in one way, and is not read otherwise: no key twice in an object, no zero before a number, no
// loose base64. White space between the parts of the JSON is taken out before.
const (
	text   = `"(?:[^"\\]|\\["\\bfnrt]|\\u00[01][0-9a-f])*"`
	field  = `{"name":"$0",(?:"commitment":"[0-9a-f]{64}"|"salt":"[0-9a-f]{64}"(?:,"value":` + text + `)?)}`
	number = `(0|[1-9][0-9]{0,14})`
	hash   = `[A-Za-z0-9+/]{43}=\n`
	name   = `([^\x00-\x20+\pZ\x{85}]+)`
	line   = `[^\x00-\x1f]+`
)

var (
	whole = regexp.MustCompile(`^{"format":"habeas/receipt/v1","for":"(?:person concerned|authority|auditor)","log":` +
		text + `,"witnesses":\[(?:` + text + `,?)*\],"quorum":[0-9]{1,3},"entries":\[(?:{"groups":{"count":` +
		group("kind month door state instrument measure categories offences basis authorisation footing emergency "+
			"decision ground how given accounts days again") + `,"person":` + group("account asked outcome on") +
		`,"paper":` + group("nature document") + `},"proof":` + text + `},?)+\]}$`)
	proof = regexp.MustCompile(`^c2sp\.org/tlog-proof@v1\nindex ` + number + `\n((?:` + hash + `)*)\n((?s:.*))$`)
	view  = regexp.MustCompile(`^(?:old ` + number + `\n((?:` + hash + `)*)\n)?((?s:.*))$`)
	note  = regexp.MustCompile(`^((` + line + `)\n` + number + `\n(` + hash + `)(?:` + line +
		`\n)*)\n((?:— .+\n){1,64})$`)
	signature = regexp.MustCompile(`^— ` + name + ` ([A-Za-z0-9+/=]{9,})$`)
	verifier  = regexp.MustCompile(`^` + name + `\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$`)
)

// group is the form of a group: its commitment, or all of its fields, each opened or withheld.
func group(names string) string {
	fields := regexp.MustCompile(`\w+`).ReplaceAllString(names, field)
	return `(?:"[0-9a-f]{64}"|\[` + strings.ReplaceAll(fields, " ", ",") + `\])`
}

type receipt struct {
	Log       string
	Witnesses []string
	Quorum    int64
	Entries   []struct {
		Groups struct{ Count, Person, Paper json.RawMessage }
		Proof  string
	}
}

func readFile(name string) []byte {
	data, err := os.ReadFile(name)
	need(err == nil && len(data) <= 4_000_000 && utf8.Valid(data), "reading")
	return data
}

func readReceipt(name string) (r receipt) {
	data, plain := readFile(name), bytes.Buffer{}
	need(json.Compact(&plain, data) == nil && whole.Match(plain.Bytes()), "reading")
	need(json.Unmarshal(data, &r) == nil && len(r.Entries) <= 1000, "reading")
	return r
}

func parts(form *regexp.Regexp, given, step string) []string {
	found := form.FindStringSubmatch(given)
	need(found != nil, step)
	return found
}

func bytesOf(encoded, step string) []byte {
	b, err := base64.StdEncoding.Strict().DecodeString(encoded)
	need(err == nil, step)
	return b
}

func hashesOf(lines, step string) (hashes []tlog.Hash) {
	for _, line := range strings.Fields(lines) {
		b := bytesOf(line, step)
		need(len(b) == tlog.HashSize, step)
		hashes = append(hashes, *(*tlog.Hash)(b))
	}
	return hashes
}

func numberOf(digits string) int64 { // as a form found them
	n, _ := strconv.ParseInt(digits, 10, 64)
	return n
}

// keyOf reads a verifier key (C2SP signed-note); kind 1 is Ed25519, 4 Ed25519 with a time, 6 ML-DSA-44.
func keyOf(vkey, kinds string) (name, id, public string) {
	found := parts(verifier, vkey, "keys")
	b := bytesOf(found[3], "keys")
	sum := sha256.Sum256([]byte(found[1] + "\n" + string(b)))
	need(fmt.Sprintf("%x", sum[:4]) == found[2] && strings.IndexByte(kinds, b[0]) >= 0, "keys")
	need(len(b) == map[byte]int{1: 33, 4: 33, 6: 1313}[b[0]], "keys")
	forged := append([]byte{1}, make([]byte, 63)...) // holds for one text in eight or more if the key is of small order
	for i := 0; i < 256 && b[0] != 6; i++ {
		need(!ed25519.Verify(b[1:], []byte{byte(i)}, forged), "keys")
	}
	return found[1], string(sum[:4]), string(b[1:])
}
