// Receipt says offline what a habeas/receipt/v1 file is worth, by the keys that it names: interop/README.md.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

var ( // Each thing is written in one way, and is not read otherwise.
	text  = `"(?:[^"\\]|\\["\\bfnrt]|\\u[0-2])*"`
	hex   = `"[0-9a-f]{64}"`
	field = `{"name":"$1",(?:"commitment":` + hex + `|"salt":` + hex + `(?:,"value":` + text + `)?)},?`
	entry = regexp.MustCompile(`@(\w+)`).ReplaceAllString(`{"groups":{"count":(`+hex+`|\[@kind@month@door@state`+
		`@instrument@measure@categories@offences@basis@authorisation@footing@emergency@decision@ground@how@given`+
		`@accounts@days@again\]),"person":(`+hex+`|\[@account@asked@outcome@on\]),"paper":(`+hex+`|\[@nature`+
		`@document\])},`, field) + `"proof":"c2sp\.org/tlog-proof@v1\\nindex ((?:[^"\\]|\\n)*)"},?`
	vkey    = `"([^\x00-\x20"+\\\pZ\x{85}]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=?)",?`
	receipt = `^{"format":"habeas/receipt/v1","for":"(?:person concerned|authority|auditor)",("log":` + vkey +
		`"witnesses":\[(?:` + vkey + `)*\]),"quorum":([0-9]{1,3}),"entries":\[((?:` + entry + `)+)\]}$`
	hash   = `[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\n`
	path   = `((?:0|[1-9]\d{0,14})\n)((?:` + hash + `)*)\n`
	line   = `— ([^\x00-\x20+\pZ\x{85}]+) ([A-Za-z0-9+/]+={0,2})\n`
	signed = `((.+)\n((?:0|[1-9]\d{0,14})\n)(` + hash + `)(?:[^\x00-\x1f]+\n)*)\n((?:` + line + `){1,64})$`
	keys   = map[string][]byte{} // by name and number
)

func find(form, s string) [][]string { return regexp.MustCompile(form).FindAllStringSubmatch(s, -1) }
func part(s string) string           { return string(binary.BigEndian.AppendUint32(nil, uint32(len(s)))) + s }
func sha(s string) string            { return fmt.Sprintf("%s", sha256.Sum256([]byte(s))) }

func end(now bool, words string, code int) {
	if now {
		fmt.Println(words)
		os.Exit(code)
	}
}
func need(holds bool, step string) { end(!holds, "does not hold: "+step, 1) }

func group(name, given string) (sum string) { // the commitment to a group of a leaf's fields
	parts, value := part("habeas/group/v1")+part(name), ""
	for _, f := range find(`"name":"(\w+)","(\w+)":"(\w+)"(?:,"value":(`+text+`))?`, given) {
		fmt.Sscanf(f[3], "%x", &sum)
		if f[2] == "salt" {
			need(json.Unmarshal([]byte(f[4]), &value) == nil, "account-needed")
			sum = sha(part("habeas/field/v1") + part(name) + part(f[1]) + part(sum) + part(value))
		}
		parts += part(sum)
	}
	sum = sha(parts)
	fmt.Sscanf(given, `"%x"`, &sum) // in its place, where nothing is opened
	return sum
}

// open reads a proof or a view: 1 number, 2 hashes, 3 signed text (4 origin, 5 size, 6 root), 7 signatures.
func open(form, given, log, step string) (number int64, hashes []tlog.Hash, tree tlog.Tree, witnesses int) {
	f, by := append(find("^"+form+signed, given), make([]string, 8))[0], map[string]bool{}
	fmt.Sscan(f[5]+f[1], &tree.N, &number)
	json.Unmarshal([]byte(`["`+strings.Join(strings.Fields(f[6]+f[2]), `","`)+`"]`), &hashes) // first the root
	for _, s := range find(line, f[7]) {
		b, err := base64.StdEncoding.Strict().DecodeString(s[2])
		need(err == nil && len(b) > 12, step)
		if key := keys[fmt.Sprintf("%s+%x", s[1], b[:4])]; len(key) == 32 { // ML-DSA-44 is not counted
			at, message, signature := binary.BigEndian.Uint64(b[4:]), f[3], b[4:] // to the year 9999
			if s[1] != log {
				message, signature = fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, message), b[12:]
			}
			need(ed25519.Verify(key, []byte(message), signature) && (s[1] == log || at-1 < 253402300799), step)
			by[s[1]] = true
		}
	}
	need(f[4] == log && by[log] && number <= tree.N && strings.ToValidUTF8(given, "") == given, step)
	return number, hashes[1:], tlog.Tree{N: tree.N, Hash: hashes[0]}, len(by) - 1
}

func main() {
	end(len(os.Args) < 2 || len(os.Args) > 3, "usage: receipt RECEIPT [VIEW]", 2)
	data, _ := os.ReadFile(os.Args[1])
	plain, _ := json.Marshal(json.RawMessage(data))   // without white space
	r := append(find(receipt, string(plain)), nil)[0] // 1 the keys, 2 the log's name, 8 quorum, 9 entries
	need(r != nil && len(data) <= 4_000_000 && strings.ToValidUTF8(string(data), "") == string(data), "reading")
	log, known, names := r[2], map[string]bool{}, map[string]bool{}
	for i, k := range find(vkey, r[1]) { // 1 name, 2 number, 3 key
		b, err := base64.StdEncoding.Strict().DecodeString(k[3])
		need(err == nil && fmt.Sprintf("%.4x", sha(k[1]+"\n"+string(b))) == k[2] && !known[string(b[1:])], "keys")
		need(len(b) == map[byte]int{1: 33, 4: 33, 6: 1313}[b[0]], "keys")
		need((b[0] == 1) == (i == 0) && (k[1] == log) == (i == 0), "keys")
		for n := 0; n < 256 && b[0] != 6; n++ { // a key of small order lets this pass for one text in eight
			need(!ed25519.Verify(b[1:], []byte{byte(n)}, append([]byte{1}, make([]byte, 63)...)), "keys")
		}
		keys[k[1]+"+"+k[2]], known[string(b[1:])], names[k[1]] = b[1:], true, true
	}
	quorum, witnesses, seen, tree := 0, len(names)-1, map[int64]bool{}, tlog.Tree{}
	fmt.Sscan(r[8], &quorum)
	need(quorum <= witnesses, "keys")
	for _, e := range find(entry, r[9]) {
		leaf := "habeas/leaf/v1\n\n" + group("count", e[1]) + group("person", e[2]) + group("paper", e[3])
		index, proof, t, by := open(path, strings.ReplaceAll(e[4], `\n`, "\n"), log, "signatures")
		need(tlog.CheckRecord(proof, t.N, t.Hash, index, tlog.RecordHash([]byte(leaf))) == nil, "inclusion")
		need(len(seen) == 0 || len(seen) < 1000 && !seen[index] && t == tree && by == witnesses, "entries")
		seen[index], tree, witnesses = true, t, by
	}
	if len(os.Args) == 3 {
		data, _ := os.ReadFile(os.Args[2])
		old, proof, t, _ := open(`(?:old `+path+`)?`, string(data), log, "view")
		need(t.N != tree.N || t == tree, "fork")
		need(old != tree.N || tlog.CheckTree(proof, t.N, t.Hash, old, tree.Hash) == nil, "consistency")
		end(t == tree || old == tree.N, "consistent with a view fetched elsewhere", 0)
	}
	end(witnesses > 0 && witnesses >= quorum, fmt.Sprintf("witnessed by %d of %d", witnesses, len(names)-1), 0)
	end(true, "signed by the operator only", 0)
}
