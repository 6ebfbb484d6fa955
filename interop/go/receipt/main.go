// Receipt says offline what a habeas/receipt/v1 file is worth, by the keys that it names: interop/README.md.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"golang.org/x/mod/sumdb/tlog"
	"os"
	"regexp"
	"strings"
)

var ( // Each thing has one form and is not read in another; the parts in brackets are used below by their number.
	text, hex = `"(?:[^"\\]|\\["\\bfnrt]|\\u[0-2])*"`, `"[0-9a-f]{64}"`
	field     = `{"name":"$1",(?:"commitment":` + hex + `|"salt":` + hex + `(?:,"value":` + text + `)?)},?`
	entry     = regexp.MustCompile(`@(\w+)`).ReplaceAllString(`{"groups":{"count":(`+hex+`|\[@kind@month@door`+
		`@state@instrument@measure@categories@offences@basis@authorisation@footing@emergency@decision@ground@how`+
		`@given@accounts@days@again\]),"person":(`+hex+`|\[@account@asked@outcome@on\]),"paper":(`+hex+
		`|\[@nature@document\])},`, field) + `"proof":"c2sp\.org/tlog-proof@v1\\nindex ((?:[^"\\]|\\n)*)"},?`
	vkey    = `"([^\x00-\x20"+\\\pZ\x{85}]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=?)",?` // 1 name, 2 number, 3 key
	receipt = `^{"format":"habeas/receipt/v1","for":"(?:person concerned|authority|auditor)",("log":` + vkey +
		`"witnesses":\[(?:` + vkey + `)*\]),"quorum":(\d{1,3}),"entries":\[((?:` + entry + `)+)\]}$`
	hash, line = `[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\n`, `— ([^\x00-\x20+\pZ\x{85}]+) ([A-Za-z0-9+/]+={0,2})\n`
	proof      = `(0|[1-9]\d{0,14})\n((?:` + hash + `)*)\n` // 1 start, 2 path; 3 text, 4 origin, 5 size, 6 root, 7 signers
	signed     = `((.+)\n(0|[1-9]\d{0,14})\n(` + hash + `)(?:[^\x00-\x1f]+\n)*)\n((?:` + line + `){1,64})$`
	keys       = map[string][]byte{} // by name and number
)

func find(form, s string) [][]string    { return regexp.MustCompile(form).FindAllStringSubmatch(s, -1) }
func number(s string) (n int64)         { fmt.Sscan(s, &n); return n }
func bytes(hex string) (s string)       { fmt.Sscanf(hex, "%x", &s); return s }
func part(s string) string              { return bytes(fmt.Sprintf("%08x", len(s))) + s }
func sha(s string) string               { return fmt.Sprintf("%s", sha256.Sum256([]byte(s))) }
func end(words string, code int) bool   { fmt.Println(words); os.Exit(code); return true }
func need(holds bool, step string) bool { return holds || end("does not hold: "+step, 1) }

func group(name, given string) string { // the commitment to a group, which stands there itself if it is closed
	parts, sum, value := part("habeas/group/v1")+part(name), "", ""
	for _, f := range find(`(?:^|"name":"(\w+)","(\w+)":)"(\w+)"(?:,"value":(`+text+`))?`, given) {
		if sum = bytes(f[3]); f[2] == "salt" {
			need(json.Unmarshal([]byte(f[4]), &value) == nil || f[1] == "account" && end("the account is needed", 2), "reading")
			sum = sha(part("habeas/field/v1") + part(name) + part(f[1]) + part(sum) + part(value))
		}
		parts += part(sum)
	}
	return map[bool]string{true: sum, false: sha(parts)}[given[0] == '"']
}

func open(form, given, log, step string) (start int64, hashes []tlog.Hash, tree tlog.Tree, witnesses int64) {
	f, by := append(find("^"+form+signed, given), make([]string, 8))[0], map[string]bool{}    // a proof or a view
	json.Unmarshal([]byte(`["`+strings.Join(strings.Fields(f[6]+f[2]), `","`)+`"]`), &hashes) // the root first
	for _, s := range find(line, f[7]) {
		b, err := base64.StdEncoding.Strict().DecodeString(s[2])
		need(err == nil && len(b) > 12, step)
		if key, at := keys[fmt.Sprintf("%s+%x", s[1], b[:4])], number(fmt.Sprintf("%#x", b[4:12])); len(key) == 32 {
			timed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, f[3])
			need(s[1] != log || ed25519.Verify(key, []byte(f[3]), b[4:]), step)
			need(s[1] == log || ed25519.Verify(key, []byte(timed), b[12:]) && 0 < at && at < 253402300800, step)
			by[s[1]] = true
		}
	}
	need(f[4] == log && by[log] && number(f[1]) <= number(f[5]) && strings.ToValidUTF8(given, "") == given, step)
	return number(f[1]), hashes[1:], tlog.Tree{N: number(f[5]), Hash: hashes[0]}, int64(len(by)) - 1
}

func main() {
	_ = len(os.Args) != 2 && len(os.Args) != 3 && end("usage: receipt RECEIPT [VIEW]", 2)
	data, _ := os.ReadFile(os.Args[1])
	plain, _ := json.Marshal(json.RawMessage(data))   // without white space
	r := append(find(receipt, string(plain)), nil)[0] // 1 the keys, 2 the log's name, 8 quorum, 9 entries
	need(r != nil && len(data) <= 4_000_000 && strings.ToValidUTF8(string(data), "") == string(data), "reading")
	log, names, seen, tree, witnesses := r[2], map[string]bool{}, map[any]bool{}, tlog.Tree{}, int64(0)
	for i, k := range find(vkey, r[1]) { // the log's first; none of small order, for which anybody can sign
		b, err := base64.StdEncoding.Strict().DecodeString(k[3])
		need(err == nil && fmt.Sprintf("%.4x", sha(k[1]+"\n"+string(b))) == k[2] && !seen[string(b[1:])], "keys")
		need(len(b) == map[byte]int{1: 33, 4: 33, 6: 1313}[b[0]] && (b[0] > 1) == (i > 0) && (k[1] != log) == (i > 0), "keys")
		need(find(`^..(0[01](00){30}|e[cde](ff){30}|26e8958fc2b227b0|c7176a703d4dd84f)`, fmt.Sprintf("%x", b)) == nil, "keys")
		keys[k[1]+"+"+k[2]], seen[string(b[1:])], names[k[1]] = b[1:], true, true
	}
	need(number(r[8]) < int64(len(names)), "keys")
	for i, e := range find(entry, r[9]) {
		leaf := "habeas/leaf/v1\n\n" + group("count", e[1]) + group("person", e[2]) + group("paper", e[3])
		index, path, t, by := open(proof, strings.ReplaceAll(e[4], `\n`, "\n"), log, "signatures")
		need(tlog.CheckRecord(path, t.N, t.Hash, index, tlog.RecordHash([]byte(leaf))) == nil, "inclusion")
		need(i == 0 || i < 1000 && !seen[index] && t == tree && by == witnesses, "entries")
		seen[index], tree, witnesses = true, t, by
	}
	if len(os.Args) == 3 {
		data, _ := os.ReadFile(os.Args[2])
		old, path, t, _ := open(`(?:old `+proof+`)?`, string(data), log, "view")
		need(t.N != tree.N || t == tree, "fork")
		need(old != tree.N || tlog.CheckTree(path, t.N, t.Hash, old, tree.Hash) == nil, "consistency")
		_ = (t == tree || old == tree.N) && end("consistent with a view fetched elsewhere", 0)
	}
	_ = witnesses > 0 && witnesses >= number(r[8]) && end(fmt.Sprintf("witnessed by %d of %d", witnesses, len(names)-1), 0)
	end("signed by the operator only", 0)
}
