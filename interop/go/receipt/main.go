// Receipt checks a habeas/receipt/v1 file without asking anybody: the fields open to the leaf, the leaf stands in the
// tree (RFC 6962 2.1), the tree's root is signed by the log and cosigned by witnesses (C2SP signed-note,
// tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-policy), and, where a view fetched elsewhere is given, it is the
// same tree or grew from it (the view is a checkpoint, or the body of tlog-witness add-checkpoint). Trees are checked
// by golang.org/x/mod/sumdb/tlog. Its one line of output is the answer that interop/vectors lists; the exit status is
// 0 where the receipt holds. ML-DSA-44 cosignatures are not checked and not counted.
//
//	receipt [-view FILE] [-policy FILE] [-account FILE|-] [-at TIME] RECEIPT
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	longest     = 4_000_000    // bytes of any file read here; a receipt has some thousand
	mostEntries = 1000         // in one receipt
	silence     = 48 * 60 * 60 // seconds; the log publishes once a day, two days without are silence
	lastDay     = 253402300799 // the end of the year 9999
)

var groups = []struct{ name, fields string }{
	{"count", "kind month door state instrument measure categories offences basis authorisation footing emergency decision ground how given accounts days again"},
	{"person", "account asked outcome on"},
	{"paper", "nature document"},
}

// What failed, and at which entry (from 1; 0: at none). Thrown by need, caught in main.
type failure struct {
	Grade int    `json:"grade"`
	Step  string `json:"step"`
	Entry int    `json:"entry"`
}

var entryAt int // the entry looked at now

func need(holds bool, step string) {
	if !holds {
		panic(failure{0, step, entryAt})
	}
}

// ---- strict JSON: objects, lists, texts and whole numbers; no key twice, no half of a surrogate pair ----

func parsed(d *json.Decoder, depth int) any {
	token, err := d.Token()
	need(err == nil && depth < 8, "reading")
	switch t := token.(type) {
	case string:
		return t
	case json.Number:
		return t
	case json.Delim:
		if t == '[' {
			list := []any{}
			for d.More() {
				list = append(list, parsed(d, depth+1))
			}
			_, err = d.Token()
			need(err == nil, "reading")
			return list
		}
		object := map[string]any{}
		for d.More() {
			key, isText := parsed(d, depth+1).(string)
			_, twice := object[key]
			need(isText && !twice, "reading")
			object[key] = parsed(d, depth+1)
		}
		_, err = d.Token()
		need(err == nil, "reading")
		return object
	}
	panic(failure{0, "reading", 0}) // true, false, null
}

var surrogates = regexp.MustCompile(`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\.`)

func document(data []byte) map[string]any {
	need(len(data) <= longest && utf8.Valid(data) && json.Valid(data), "reading")
	for _, escape := range surrogates.FindAllIndex(data, -1) {
		alone := data[escape[0]:]
		lone := escape[1]-escape[0] == 2 && alone[1] == 'u' && (alone[2]|32) == 'd' && strings.IndexByte("89abcdefABCDEF", alone[3]) >= 0
		need(!lone, "reading")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	object, is := parsed(d, 0).(map[string]any)
	need(is, "reading")
	return object
}

func shaped(value any, keys string) map[string]any {
	object, is := value.(map[string]any)
	need(is && len(object) == len(strings.Fields(keys)), "reading")
	for _, key := range strings.Fields(keys) {
		need(object[key] != nil, "reading")
	}
	return object
}

func text(value any) string {
	s, is := value.(string)
	need(is, "reading")
	return s
}

func list(value any) []any {
	l, is := value.([]any)
	need(is, "reading")
	return l
}

func hash(value any) []byte { // 32 bytes in 64 small hexadecimal digits
	b, err := hex.DecodeString(text(value))
	need(err == nil && len(b) == 32 && hex.EncodeToString(b) == value, "reading")
	return b
}

// ---- the leaf ----

func h(domain string, parts ...[]byte) []byte {
	digest := sha256.New()
	for _, part := range append([][]byte{[]byte(domain)}, parts...) {
		binary.Write(digest, binary.BigEndian, uint32(len(part)))
		digest.Write(part)
	}
	return digest.Sum(nil)
}

type field struct{ name, salt, value, commitment any }

func fieldsOf(value any, group, names string) (fields []field) {
	for i, each := range list(value) {
		object, is := each.(map[string]any)
		need(is, "reading")
		f := field{object["name"], object["salt"], object["value"], object["commitment"]}
		switch {
		case f.commitment != nil:
			shaped(object, "name commitment")
			hash(f.commitment)
		case f.value != nil:
			shaped(object, "name salt value")
			text(f.value)
			hash(f.salt)
		default:
			shaped(object, "name salt")
			need(f.name == "account" && group == "person", "reading")
			hash(f.salt)
		}
		need(i < len(strings.Fields(names)) && f.name == strings.Fields(names)[i], "reading")
		fields = append(fields, f)
	}
	need(len(fields) == len(strings.Fields(names)), "reading")
	return fields
}

func leaf(opened map[string]any, account string) []byte {
	made := []byte("habeas/leaf/v1\n\n")
	for _, g := range groups {
		fields, isOpened := opened[g.name].([]field)
		if !isOpened {
			made = append(made, opened[g.name].([]byte)...)
			continue
		}
		parts := [][]byte{[]byte(g.name)}
		for _, f := range fields {
			if f.commitment != nil {
				parts = append(parts, hash(f.commitment))
				continue
			}
			if f.name == "account" {
				need(f.value != nil || account != "", "account-needed")
				need(f.value == nil || f.value == "" || account == "" || f.value == account, "account")
				if f.value == nil {
					f.value = account
				}
			}
			parts = append(parts, h("habeas/field/v1", []byte(g.name), []byte(text(f.name)), hash(f.salt), []byte(text(f.value))))
		}
		made = append(made, h("habeas/group/v1", parts...)...)
	}
	return made
}

// ---- the account, in the form in which it is committed to: one identifier a line, each once and sorted by code
// point, white space as one space, letters folded (Unicode, full case folding) ----

var folds = strings.NewReplacer(append(greek(), strings.Fields("\u00df ss \u0130 i\u0307 \u0149 \u02bcn \u01f0 j\u030c \u0390 \u03b9\u0308\u0301 "+
	"\u03b0 \u03c5\u0308\u0301 \u0587 \u0565\u0582 \u1e96 h\u0331 \u1e97 t\u0308 \u1e98 w\u030a "+
	"\u1e99 y\u030a \u1e9a a\u02be \u1e9e ss \u1f50 \u03c5\u0313 \u1f52 \u03c5\u0313\u0300 "+
	"\u1f54 \u03c5\u0313\u0301 \u1f56 \u03c5\u0313\u0342 \u1fb2 \u1f70\u03b9 \u1fb3 \u03b1\u03b9 "+
	"\u1fb4 \u03ac\u03b9 \u1fb6 \u03b1\u0342 \u1fb7 \u03b1\u0342\u03b9 \u1fbc \u03b1\u03b9 "+
	"\u1fc2 \u1f74\u03b9 \u1fc3 \u03b7\u03b9 \u1fc4 \u03ae\u03b9 \u1fc6 \u03b7\u0342 "+
	"\u1fc7 \u03b7\u0342\u03b9 \u1fcc \u03b7\u03b9 \u1fd2 \u03b9\u0308\u0300 \u1fd3 \u03b9\u0308\u0301 "+
	"\u1fd6 \u03b9\u0342 \u1fd7 \u03b9\u0308\u0342 \u1fe2 \u03c5\u0308\u0300 \u1fe3 \u03c5\u0308\u0301 "+
	"\u1fe4 \u03c1\u0313 \u1fe6 \u03c5\u0342 \u1fe7 \u03c5\u0308\u0342 \u1ff2 \u1f7c\u03b9 "+
	"\u1ff3 \u03c9\u03b9 \u1ff4 \u03ce\u03b9 \u1ff6 \u03c9\u0342 \u1ff7 \u03c9\u0342\u03b9 "+
	"\u1ffc \u03c9\u03b9 \ufb00 ff \ufb01 fi \ufb02 fl \ufb03 ffi \ufb04 ffl \ufb05 st \ufb06 st "+
	"\ufb13 \u0574\u0576 \ufb14 \u0574\u0565 \ufb15 \u0574\u056b \ufb16 \u057e\u0576 \ufb17 \u0574\u056d")...)...)

func greek() (pairs []string) { // letters with an iota below
	for i := rune(0); i < 48; i++ {
		pairs = append(pairs, string(0x1f80+i), string([]rune{0x1f00, 0x1f20, 0x1f60}[i/16]+i%8)+"\u03b9")
	}
	return pairs
}

func folded(r rune) rune {
	switch {
	case r == '\u0131':
		return r
	case 0x13a0 <= r && r <= 0x13fd || 0xab70 <= r && r <= 0xabbf:
		return unicode.ToUpper(r) // Cherokee folds to its capitals
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

func plainAccount(typed string) string {
	found := map[string]bool{}
	for _, line := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune("\n\v\f\r\x1c\x1d\x1e\u0085\u2028\u2029", r) }) {
		words := strings.FieldsFunc(line, func(r rune) bool { return r == '\x1f' || unicode.IsSpace(r) })
		found[strings.Map(folded, folds.Replace(strings.Join(words, " ")))] = true
	}
	delete(found, "")
	lines := []string{}
	for line := range found {
		lines = append(lines, line)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// ---- notes, keys, checkpoints ----

func base64ed(s, step string) []byte { // standard alphabet, padded, and the only way to write these bytes
	b, err := base64.StdEncoding.DecodeString(s)
	need(err == nil && base64.StdEncoding.EncodeToString(b) == s, step)
	return b
}

func number(s, step string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	need(err == nil && n >= 0 && n < 1<<53 && strconv.FormatInt(n, 10) == s, step)
	return n
}

func hashes(lines []string, step string) (made []tlog.Hash) {
	need(len(lines) <= 63, step)
	for _, line := range lines {
		b := base64ed(line, step)
		need(len(b) == 32, step)
		made = append(made, *(*tlog.Hash)(b))
	}
	return made
}

func isName(s string) bool {
	return s != "" && !strings.ContainsRune(s, '+') && strings.IndexFunc(s, unicode.IsSpace) < 0
}

type key struct {
	vkey, name, id string
	kind           byte
	public         []byte
}

// Points of small order, for which a signature proves nothing: y is 0, 1, -1, one of two of order 8, or 0 and 1 beyond p.
var smallOrder = map[string]bool{
	strings.Repeat("00", 32): true, "01" + strings.Repeat("00", 31): true,
	"ec" + strings.Repeat("ff", 30) + "7f": true, "ed" + strings.Repeat("ff", 30) + "7f": true, "ee" + strings.Repeat("ff", 30) + "7f": true,
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05": true,
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a": true,
}

func keyOf(vkey, kinds, step string) key {
	parts := strings.SplitN(vkey, "+", 3)
	need(len(parts) == 3 && isName(parts[0]), step)
	b := base64ed(parts[2], step)
	need(len(b) > 0 && strings.IndexByte(kinds, b[0]) >= 0, step)
	k := key{vkey, parts[0], parts[1], b[0], b[1:]}
	if k.kind == 6 {
		need(len(k.public) == 1312, step)
	} else {
		need(len(k.public) == 32, step)
		unsigned := append(append([]byte{}, k.public[:31]...), k.public[31]&0x7f)
		need(!smallOrder[hex.EncodeToString(unsigned)], step)
	}
	sum := sha256.Sum256(append([]byte(k.name+"\n"), b...))
	need(hex.EncodeToString(sum[:4]) == k.id, step)
	return k
}

type signature struct {
	name, id string
	bytes    []byte
}

type checkpoint struct {
	text, origin string
	size         int64
	root         tlog.Hash
	signatures   []signature
}

func checkpointOf(data, step string) (c checkpoint) {
	cut := strings.LastIndex(data, "\n\n")
	need(utf8.ValidString(data) && cut >= 0 && strings.HasSuffix(data, "\n") && cut+2 < len(data), step)
	need(strings.IndexFunc(data, func(r rune) bool { return r < ' ' && r != '\n' }) < 0, step)
	c.text = data[:cut+1]
	lines := strings.Split(data[:cut], "\n")
	need(len(lines) >= 3, step)
	for _, line := range lines {
		need(line != "", step)
	}
	c.origin, c.size, c.root = lines[0], number(lines[1], step), hashes(lines[2:3], step)[0]
	signed := strings.Split(data[cut+2:len(data)-1], "\n")
	need(len(signed) <= 100, step)
	for _, line := range signed {
		parts := strings.Split(line, " ")
		need(len(parts) == 3 && parts[0] == "—" && isName(parts[1]), step)
		b := base64ed(parts[2], step)
		need(len(b) > 4, step)
		c.signatures = append(c.signatures, signature{parts[1], hex.EncodeToString(b[:4]), b[4:]})
	}
	return c
}

// signed checks the log's signature and those of the witnesses: when each key signed last, and which could not be checked.
func (c checkpoint) signed(log key, witnesses []key, logStep, witnessStep string) (at map[string]int64, unchecked map[string]bool) {
	byLog := false
	for _, s := range c.signatures {
		if s.name == log.name && s.id == log.id {
			need(ed25519.Verify(log.public, []byte(c.text), s.bytes), logStep)
			byLog = true
		}
	}
	need(byLog && c.origin == log.name, logStep)
	at, unchecked = map[string]int64{}, map[string]bool{}
	for _, s := range c.signatures {
		for _, w := range witnesses {
			if s.name != w.name || s.id != w.id {
				continue
			}
			if w.kind == 6 {
				unchecked[w.name] = true
				continue
			}
			need(len(s.bytes) == 72, witnessStep)
			t := binary.BigEndian.Uint64(s.bytes)
			message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", t, c.text)
			need(t <= lastDay && ed25519.Verify(w.public, []byte(message), s.bytes[8:]), witnessStep)
			if last, was := at[w.vkey]; !was || last < int64(t) {
				at[w.vkey] = int64(t)
			}
		}
	}
	return at, unchecked
}

// ---- the reader's policy (tlog-policy) ----

type policy struct {
	logs, witnesses []key
	met             func(at map[string]int64) bool
}

var control = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f]`)
var decimal = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)

func policyOf(data []byte) (p policy) {
	need(len(data) <= longest && utf8.Valid(data) && !control.Match(data), "policy")
	rules, members, publics := map[string]func(map[string]int64) bool{}, map[string]bool{}, map[string]bool{}
	once := func(k key, role string) {
		need(!publics[role+string(k.public)], "policy")
		publics[role+string(k.public)] = true
	}
	for _, line := range strings.Split(string(data), "\n") {
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		n := len(words)
		isNew := n > 2 && rules[words[1]] == nil && words[1] != "none"
		switch {
		case words[0] == "log" && (n == 2 || n == 3):
			k := keyOf(words[1], "\x01\x06", "policy")
			once(k, "log")
			p.logs = append(p.logs, k)
		case words[0] == "witness" && (n == 3 || n == 4) && isNew:
			k := keyOf(words[2], "\x04\x06", "policy")
			once(k, "witness")
			p.witnesses = append(p.witnesses, k)
			rules[words[1]] = func(at map[string]int64) bool { _, has := at[k.vkey]; return has }
		case words[0] == "group" && n >= 4 && isNew:
			inside := []func(map[string]int64) bool{}
			for _, member := range words[3:] {
				need(rules[member] != nil && !members[member], "policy")
				members[member] = true
				inside = append(inside, rules[member])
			}
			least := map[string]int{"any": 1, "all": len(inside)}[words[2]]
			if decimal.MatchString(words[2]) {
				least, _ = strconv.Atoi(words[2])
			}
			need(1 <= least && least <= len(inside), "policy")
			rules[words[1]] = func(at map[string]int64) bool {
				count := 0
				for _, rule := range inside {
					if rule(at) {
						count++
					}
				}
				return count >= least
			}
		case words[0] == "quorum" && n == 2 && p.met == nil && words[1] == "none":
			p.met = func(map[string]int64) bool { return true }
		case words[0] == "quorum" && n == 2 && p.met == nil && rules[words[1]] != nil:
			p.met = rules[words[1]]
		default:
			need(false, "policy")
		}
	}
	need(p.met != nil, "policy")
	return p
}

// ---- the receipt ----

type place struct {
	Index int64  `json:"index"`
	Size  int64  `json:"size"`
	Leaf  string `json:"leaf"`
	Time  int64  `json:"time"` // the newest cosignature; 0 where there is none
}

type answer struct {
	failure
	Witnessed     int     `json:"witnessed"`
	Witnesses     int     `json:"witnesses"`
	QuorumMet     bool    `json:"quorum_met"`
	Unchecked     int     `json:"unchecked"`
	LogFrom       string  `json:"log_from"`
	WitnessesFrom string  `json:"witnesses_from"`
	View          string  `json:"view"`
	ViewTime      int64   `json:"view_time"`
	Stale         bool    `json:"stale"`
	Entries       []place `json:"entries"`
}

type entry struct {
	groups map[string]any // []field where opened, the commitment where not
	index  int64
	proof  []tlog.Hash
	checkpoint
}

func entryOf(value any) (e entry) {
	object := shaped(value, "groups proof")
	e.groups = shaped(object["groups"], "count person paper")
	for _, g := range groups {
		if _, closed := e.groups[g.name].(string); closed {
			e.groups[g.name] = hash(e.groups[g.name])
		} else {
			e.groups[g.name] = fieldsOf(e.groups[g.name], g.name, g.fields)
		}
	}
	head, note, found := strings.Cut(text(object["proof"]), "\n\n")
	lines := strings.Split(head, "\n")
	need(found && lines[0] == "c2sp.org/tlog-proof@v1", "reading")
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		base64ed(lines[0][len("extra "):], "reading")
		lines = lines[1:]
	}
	need(len(lines) > 0 && strings.HasPrefix(lines[0], "index "), "reading")
	e.index, e.proof = number(lines[0][len("index "):], "reading"), hashes(lines[1:], "reading")
	e.checkpoint = checkpointOf(note, "reading")
	return e
}

func names(keys []key) int {
	distinct := map[string]bool{}
	for _, k := range keys {
		distinct[k.name] = true
	}
	return len(distinct)
}

func newest(at map[string]int64) (t int64) {
	for _, each := range at {
		if each > t {
			t = each
		}
	}
	return t
}

func check(receipt, view, given []byte, account string, now int64) (a answer) {
	r := shaped(document(receipt), "format for log witnesses quorum entries")
	need(r["format"] == "habeas/receipt/v1" && len(list(r["entries"])) > 0 && len(list(r["entries"])) <= mostEntries, "reading")
	need(r["for"] == "person concerned" || r["for"] == "authority" || r["for"] == "auditor", "reading")
	asked, isNumber := r["quorum"].(json.Number)
	need(isNumber, "reading")
	quorum := number(asked.String(), "reading")
	logKey, witnessKeys := text(r["log"]), []string{}
	for _, each := range list(r["witnesses"]) {
		witnessKeys = append(witnessKeys, text(each))
	}
	entries, seen := []entry{}, map[int64]bool{}
	for _, each := range list(r["entries"]) {
		e := entryOf(each)
		need(!seen[e.index], "reading")
		seen[e.index], entries = true, append(entries, e)
	}

	log, witnesses, publics := keyOf(logKey, "\x01", "keys"), []key{}, map[string]bool{}
	for _, each := range witnessKeys {
		w := keyOf(each, "\x04\x06", "keys")
		need(!publics[string(w.public)], "keys")
		publics[string(w.public)], witnesses = true, append(witnesses, w)
	}
	need(quorum <= int64(names(witnesses)), "keys")
	a.LogFrom, a.WitnessesFrom = "receipt", "receipt"
	met := func(at map[string]int64) bool { return int64(counted(at)) >= quorum }
	if given != nil {
		p := policyOf(given)
		witnesses, met, a.WitnessesFrom = p.witnesses, p.met, "policy"
		trusted := len(p.logs) == 0
		for _, k := range p.logs {
			trusted, a.LogFrom = trusted || k.vkey == log.vkey, "policy"
		}
		need(trusted, "trust")
	}
	for _, w := range witnesses {
		need(w.name != log.name && !bytes.Equal(w.public, log.public), "keys")
	}

	a.Witnesses, a.QuorumMet, a.Witnessed = names(witnesses), true, names(witnesses)
	roots := map[int64]tlog.Hash{}
	for i, e := range entries {
		entryAt = i + 1
		at, unchecked := e.signed(log, witnesses, "log", "witnesses")
		hashed := tlog.RecordHash(leaf(e.groups, account))
		need(e.index < e.size && tlog.CheckRecord(e.proof, e.size, e.root, e.index, hashed) == nil, "inclusion")
		root, was := roots[e.size]
		need(!was || root == e.root, "fork")
		roots[e.size] = e.root
		if counted(at) < a.Witnessed {
			a.Witnessed = counted(at)
		}
		if len(unchecked) > a.Unchecked {
			a.Unchecked = len(unchecked)
		}
		a.QuorumMet = a.QuorumMet && met(at)
		a.Entries = append(a.Entries, place{e.index, e.size, hex.EncodeToString(hashed[:]), newest(at)})
	}
	entryAt = 0
	need(a.QuorumMet || given == nil, "quorum")
	a.Grade = 1
	if a.QuorumMet && a.Witnessed > 0 {
		a.Grade = 2
	}
	if view == nil {
		return a
	}

	need(len(view) <= longest, "view")
	body, old, proof := string(view), int64(0), []tlog.Hash{}
	if strings.HasPrefix(body, "old ") {
		head, note, found := strings.Cut(body, "\n\n")
		lines := strings.Split(head, "\n")
		need(found, "view")
		body, old, proof = note, number(lines[0][len("old "):], "view"), hashes(lines[1:], "view")
	}
	v := checkpointOf(body, "view")
	at, _ := v.signed(log, witnesses, "view", "view")
	need(old <= v.size, "view")
	a.View, a.ViewTime = "same", newest(at)
	for i, e := range entries {
		entryAt = i + 1
		switch {
		case e.size == v.size:
			need(e.root == v.root, "fork")
		case e.size == old:
			need(tlog.CheckTree(proof, v.size, v.root, old, e.root) == nil, "consistency")
			if a.View == "same" {
				a.View = "consistent"
			}
		default:
			a.View = "incomparable"
		}
	}
	if a.View != "incomparable" {
		a.Grade = 3
	}
	a.Stale = a.ViewTime > 0 && now-a.ViewTime > silence
	return a
}

// counted says how many witnesses signed: keys of one name are one witness.
func counted(at map[string]int64) int {
	distinct := map[string]bool{}
	for vkey := range at {
		distinct[strings.SplitN(vkey, "+", 2)[0]] = true
	}
	return len(distinct)
}

func main() {
	viewFile := flag.String("view", "", "a checkpoint fetched elsewhere, or an add-checkpoint body with the proof that leads to it")
	policyFile := flag.String("policy", "", "the log and the witnesses that you trust (tlog-policy)")
	accountFile := flag.String("account", "", "a file with your account in it, one identifier a line; - for standard input; it is sent nowhere")
	at := flag.String("at", time.Now().UTC().Format(time.RFC3339), "the time to judge silence by (RFC 3339)")
	flag.Parse()
	now, err := time.Parse(time.RFC3339, *at)
	if flag.NArg() != 1 || err != nil {
		flag.Usage()
		os.Exit(2)
	}
	read := func(name string) (data []byte) {
		if name == "" {
			return nil
		}
		data, err := []byte{}, error(nil)
		if name == "-" {
			data, err = io.ReadAll(os.Stdin)
		} else {
			data, err = os.ReadFile(name)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(2)
		}
		return data
	}
	receipt, view, policy := read(flag.Arg(0)), read(*viewFile), read(*policyFile)
	account := plainAccount(string(read(*accountFile)))
	output := json.NewEncoder(os.Stdout)
	defer func() {
		if failed, is := recover().(failure); is {
			output.Encode(failed)
			os.Exit(1)
		}
	}()
	output.Encode(check(receipt, view, policy, account, now.Unix()))
}
