// Receipt says what a habeas/receipt/v1 file (docs/log.md) is worth, offline, by the keys that the file itself names.
// Here is what it checks; forms.go is how things are written. Usage: receipt [-view FILE] RECEIPT
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

func need(holds bool, step string) {
	if !holds {
		fmt.Println("does not hold:", step)
		os.Exit(1)
	}
}

func h(parts ...string) string { // SHA-256 over the parts, each after its length
	digest := sha256.New()
	for _, part := range parts {
		binary.Write(digest, binary.BigEndian, uint32(len(part)))
		digest.Write([]byte(part))
	}
	return string(digest.Sum(nil))
}

func commitment(group string, given json.RawMessage) (sum string) {
	var fields []map[string]string
	if json.Unmarshal(given, &fields) != nil { // nothing of it is opened
		fmt.Sscanf(string(given), `"%x"`, &sum)
		return sum
	}
	parts := []string{"habeas/group/v1", group}
	for _, f := range fields {
		var part string // the commitment to a field that is withheld, the salt of another
		fmt.Sscanf(f["commitment"]+f["salt"], "%x", &part)
		if value, opened := f["value"]; f["salt"] != "" {
			need(opened, "account-needed") // write it into the file (interop/README.md)
			part = h("habeas/field/v1", group, f["name"], part, value)
		}
		parts = append(parts, part)
	}
	return h(parts...)
}

type tree struct {
	size, cosigned int64 // leaves, witnesses
	root           tlog.Hash
}

// open reads a signed tree (C2SP tlog-checkpoint, tlog-cosignature). Every signature by a known key must hold.
func open(signed, log string, keys map[string]string, step string) tree {
	found, by := parts(note, signed, step), map[string]bool{}
	for _, line := range strings.Split(strings.TrimSuffix(found[5], "\n"), "\n") {
		who := parts(signature, line, step)
		text, b := found[1], bytesOf(who[2], step)
		key, known := keys[who[1]+string(b[:4])]
		if b = b[4:]; !known {
			continue
		}
		if who[1] != log {
			need(len(b) == 72, step)
			at := binary.BigEndian.Uint64(b)
			need(0 < at && at <= 253402300799, step) // the year 9999
			text, b = fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, text), b[8:]
		}
		need(ed25519.Verify([]byte(key), []byte(text), b), step)
		by[who[1]] = true
	}
	need(found[2] == log && by[log], step)
	return tree{numberOf(found[3]), int64(len(by)) - 1, hashesOf(found[4], step)[0]}
}

func main() {
	elsewhere := flag.String("view", "", "a checkpoint fetched elsewhere, or the add-checkpoint body that leads to it")
	flag.Parse()
	r := readReceipt(flag.Arg(0))
	log, id, public := keyOf(r.Log, "\x01")
	keys, names, publics := map[string]string{log + id: public}, map[string]bool{}, map[string]bool{public: true}
	for _, vkey := range r.Witnesses {
		name, id, public := keyOf(vkey, "\x04\x06")
		need(name != log && !publics[public] && keys[name+id] == "", "keys")
		if names[name], publics[public] = true, true; len(public) == ed25519.PublicKeySize {
			keys[name+id] = public // ML-DSA-44 is not checked and not counted
		}
	}
	need(r.Quorum <= int64(len(names)), "keys")
	var v tree // the log as somebody else was shown it
	old, path, agrees, witnessed := int64(0), []tlog.Hash{}, *elsewhere != "", int64(len(names))
	seen, roots := map[int64]bool{}, map[int64]tlog.Hash{}
	if agrees {
		found := parts(view, string(readFile(*elsewhere)), "view")
		old, path, v = numberOf(found[1]), hashesOf(found[2], "view"), open(found[3], log, keys, "view")
		need(old <= v.size, "view")
		roots[v.size] = v.root
	}
	for _, e := range r.Entries {
		leaf := "habeas/leaf/v1\n\n" + commitment("count", e.Groups.Count) + commitment("person", e.Groups.Person) +
			commitment("paper", e.Groups.Paper)
		found := parts(proof, e.Proof, "reading")
		index, t := numberOf(found[1]), open(found[3], log, keys, "signatures")
		err := tlog.CheckRecord(hashesOf(found[2], "reading"), t.size, t.root, index, tlog.RecordHash([]byte(leaf)))
		need(err == nil && !seen[index], "inclusion")
		root, known := roots[t.size]
		need(!known || root == t.root, "fork")
		seen[index], roots[t.size] = true, t.root
		if t.size == old && old < v.size {
			need(tlog.CheckTree(path, v.size, v.root, old, t.root) == nil, "consistency")
		}
		agrees = agrees && (t.size == old || t.size == v.size)
		if t.cosigned < witnessed {
			witnessed = t.cosigned
		}
	}
	switch {
	case agrees:
		fmt.Println("consistent with a view fetched elsewhere")
	case witnessed > 0 && witnessed >= r.Quorum:
		fmt.Printf("witnessed by %d of %d\n", witnessed, len(names))
	default:
		fmt.Println("signed by the operator only")
	}
}
