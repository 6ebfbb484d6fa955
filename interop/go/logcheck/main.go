// Logcheck reads a transparency log as a stranger would: with its key, the
// formats of C2SP, and the Merkle trees and signed notes of the Go project.
//
//	logcheck -log VKEY [-witness VKEY]... [-quorum K] [-max-age SECONDS] [-older FILE] SITE
//	logcheck -log VKEY [-witness VKEY]... [-quorum K] [-max-age SECONDS] -entry FILE -proof FILE
//
// SITE is a folder or an http(s) address. Logcheck opens SITE/checkpoint with
// the log's key, counts cosignatures of the witnesses, reads every tile and
// every entry through tlog.TileHashReader, proves one entry of each bundle by
// itself, and, with -older, proves that the log began as that checkpoint says.
// With -proof it reads a proof (tlog-proof) that the one entry stands in the log.
//
// It prints one line. Exit codes: 0 all of it holds, 1 something does not,
// 2 it was called wrongly.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height  = 8           // of a tile (tlog-tiles): 256 hashes
	width   = 1 << height // hashes of a full tile, entries of a full bundle
	largest = 32 << 20    // bytes of one file: 256 entries of 64 KiB, and some
	cosign  = 4           // signature type of an Ed25519 cosignature
)

// A cosigner verifies Ed25519 cosignatures (tlog-cosignature), which the note
// package does not know. It notes when the one it verified was made.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
	at   int64
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, text)
	if at > 1<<63-1 || !ed25519.Verify(c.key, []byte(signed), sig[8:]) {
		return false
	}
	c.at = int64(at)
	return true
}

func newCosigner(vkey string) (*cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("a witness's key has three parts")
	}
	id, err := hex.DecodeString(parts[1])
	if err != nil || len(id) != 4 {
		return nil, errors.New("a witness's key has an id of eight hex digits")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosign {
		return nil, errors.New("a witness's key is of the type Ed25519 cosignature")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if !bytes.Equal(sum[:4], id) {
		return nil, errors.New("a witness's key and its id differ")
	}
	return &cosigner{name: parts[0], hash: binary.BigEndian.Uint32(id), key: key[1:]}, nil
}

// A site gives the files of a log by their path.
type site func(path string) ([]byte, error)

func open(where string) site {
	if !strings.HasPrefix(where, "http://") && !strings.HasPrefix(where, "https://") {
		return func(path string) ([]byte, error) {
			return os.ReadFile(filepath.Join(where, filepath.FromSlash(path)))
		}
	}
	client := &http.Client{
		Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
	return func(path string) ([]byte, error) {
		reply, err := client.Get(strings.TrimSuffix(where, "/") + "/" + path)
		if err != nil {
			return nil, err
		}
		defer reply.Body.Close()
		if reply.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", path, reply.Status)
		}
		data, err := io.ReadAll(io.LimitReader(reply.Body, largest+1))
		if err == nil && len(data) > largest {
			err = fmt.Errorf("%s: too long", path)
		}
		return data, err
	}
}

// Path is where C2SP puts a tile: the Go project's path with the height left
// out, and entries in the place of data.
func path(t tlog.Tile) string {
	p := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", height))
	if t.L < 0 {
		return "tile/entries/" + strings.TrimPrefix(p, "data/")
	}
	return "tile/" + p
}

// Full is the same tile when it is full: a partial one may be gone by then.
func full(t tlog.Tile) tlog.Tile {
	t.W = width
	return t
}

// Tiles is a tlog.TileReader over a site. What was verified is kept.
type tiles struct {
	read  site
	known map[tlog.Tile][]byte
}

func (r *tiles) Height() int { return height }

func (r *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		if data, ok := r.known[tile]; ok {
			found[i] = data
			continue
		}
		data, err := r.read(path(tile))
		if err != nil && tile.W < width {
			data, err = r.read(path(full(tile)))
			if err == nil && len(data) == width*tlog.HashSize {
				data = data[:tile.W*tlog.HashSize]
			}
		}
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

func (r *tiles) SaveTiles(verified []tlog.Tile, data [][]byte) {
	for i, tile := range verified {
		r.known[tile] = data[i]
	}
}

// Entries are those of one bundle, of which `count` are in the tree.
func entries(read site, number int64, count int) ([][]byte, error) {
	tile := tlog.Tile{H: height, L: -1, N: number, W: count}
	data, err := read(path(tile))
	if err != nil && count < width {
		data, err = read(path(full(tile)))
	}
	if err != nil {
		return nil, err
	}
	var found [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s: ends in the middle of an entry", path(tile))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		found = append(found, data[2:end])
		data = data[end:]
	}
	if len(found) != count && len(found) != width {
		return nil, fmt.Errorf("%s: has %d entries, not %d", path(tile), len(found), count)
	}
	return found[:count], nil
}

// Checkpoint is the tree that a verified note of the log names (tlog-checkpoint).
func checkpoint(text, origin string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return tlog.Tree{}, errors.New("this is no checkpoint of the log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, errors.New("the checkpoint's size is no size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, errors.New("the checkpoint's root is no hash")
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

type wanted struct {
	log       note.Verifier
	witnesses []*cosigner
	quorum    int
	maxAge    time.Duration
	older     string
	proof     string
	entry     string
	site      string
}

// Opened is the tree that a checkpoint names, if the log signed it and enough
// witnesses cosigned it; with the number of those that did.
func opened(w wanted, data []byte) (tlog.Tree, int, error) {
	known := []note.Verifier{w.log}
	for _, each := range w.witnesses {
		known = append(known, each)
	}
	found, err := note.Open(data, note.VerifierList(known...))
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	byLog, cosigned := false, 0
	for _, sig := range found.Sigs {
		byLog = byLog || sig.Name == w.log.Name() && sig.Hash == w.log.KeyHash()
		for _, each := range w.witnesses {
			mine := sig.Name == each.name && sig.Hash == each.hash
			if mine && (w.maxAge == 0 || time.Since(time.Unix(each.at, 0)) <= w.maxAge) {
				cosigned++
			}
		}
	}
	if !byLog {
		return tlog.Tree{}, 0, errors.New("the log did not sign the checkpoint")
	}
	if cosigned < w.quorum {
		return tlog.Tree{}, 0, fmt.Errorf("%d of the witnesses cosigned it in time, not %d", cosigned, w.quorum)
	}
	tree, err := checkpoint(found.Text, w.log.Name())
	return tree, cosigned, err
}

// Receipt checks the proof of one entry, with no site at hand.
func receipt(w wanted) (string, error) {
	data, err := os.ReadFile(w.proof)
	if err != nil {
		return "", err
	}
	entry, err := os.ReadFile(w.entry)
	if err != nil {
		return "", err
	}
	head, signed, apart := bytes.Cut(data, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !apart || lines[0] != "c2sp.org/tlog-proof@v1" {
		return "", errors.New("this is no proof")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return "", errors.New("the proof names no index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return "", err
	}
	proof := tlog.RecordProof{}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", err
		}
		proof = append(proof, hash)
	}
	tree, cosigned, err := opened(w, signed)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: entry %d of %d, cosigned by %d", w.log.Name(), index, tree.N, cosigned), nil
}

// Check reads a whole site.
func check(w wanted) (string, error) {
	if w.proof != "" {
		return receipt(w)
	}
	read := open(w.site)
	data, err := read("checkpoint")
	if err != nil {
		return "", err
	}
	tree, cosigned, err := opened(w, data)
	if err != nil {
		return "", err
	}
	began, err := begins(w, tree, read)
	if err != nil {
		return "", err
	}
	if err := complete(tree, read); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: %d entries, root %v, cosigned by %d, grown from %d",
		w.log.Name(), tree.N, tree.Hash, cosigned, began), nil
}

// Begins proves that the tree grew from the older checkpoint, and gives its size.
func begins(w wanted, tree tlog.Tree, read site) (int64, error) {
	if w.older == "" {
		return 0, nil
	}
	data, err := os.ReadFile(w.older)
	if err != nil {
		return 0, err
	}
	found, err := note.Open(data, note.VerifierList(w.log))
	if err != nil {
		return 0, fmt.Errorf("the older checkpoint: %v", err)
	}
	old, err := checkpoint(found.Text, w.log.Name())
	if err != nil {
		return 0, err
	}
	if old.N > tree.N {
		return 0, fmt.Errorf("the log went back from %d entries to %d", old.N, tree.N)
	}
	if old.N == tree.N && old.Hash != tree.Hash {
		return 0, fmt.Errorf("the log signed two roots for %d entries", tree.N)
	}
	if old.N == 0 || old.N == tree.N {
		return old.N, nil
	}
	hashes := tlog.TileHashReader(tree, &tiles{read, map[tlog.Tile][]byte{}})
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return 0, err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return 0, fmt.Errorf("the log did not grow from %d entries to %d: %v", old.N, tree.N, err)
	}
	return old.N, nil
}

// Complete reads the whole log: every entry must be the one that the tree names.
func complete(tree tlog.Tree, read site) error {
	if tree.N == 0 {
		if tree.Hash != tlog.Hash(sha256.Sum256(nil)) {
			return errors.New("an empty log has the hash of nothing as its root")
		}
		return nil
	}
	hashes := tlog.TileHashReader(tree, &tiles{read, map[tlog.Tile][]byte{}})
	for first := int64(0); first < tree.N; first += width {
		count := width
		if left := tree.N - first; left < width {
			count = int(left)
		}
		found, err := entries(read, first/width, count)
		if err != nil {
			return err
		}
		indexes := make([]int64, count)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
		}
		leaves, err := hashes.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, entry := range found {
			if tlog.RecordHash(entry) != leaves[i] {
				return fmt.Errorf("entry %d is not the one that the tree holds", first+int64(i))
			}
		}
		// One of each bundle on its own, by a proof, as somebody with a single receipt does.
		index := first + first/width%int64(count)
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return err
		}
		entry := found[index-first]
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
			return fmt.Errorf("entry %d: %v", index, err)
		}
	}
	return nil
}

func main() {
	var w wanted
	var logKey string
	var seconds int64
	flags := flag.NewFlagSet("logcheck", flag.ContinueOnError)
	flags.StringVar(&logKey, "log", "", "the log's verifier `key`")
	flags.Func("witness", "a witness's verifier `key`; can be said more than once", func(vkey string) error {
		each, err := newCosigner(vkey)
		w.witnesses = append(w.witnesses, each)
		return err
	})
	flags.IntVar(&w.quorum, "quorum", 0, "how many witnesses must have cosigned")
	flags.Int64Var(&seconds, "max-age", 0, "cosignatures older than so many `seconds` do not count")
	flags.StringVar(&w.older, "older", "", "a `file` with a checkpoint seen before")
	flags.StringVar(&w.proof, "proof", "", "a `file` with the proof of one entry")
	flags.StringVar(&w.entry, "entry", "", "a `file` with that entry")
	err := flags.Parse(os.Args[1:])
	if err == nil {
		w.log, err = note.NewVerifier(logKey)
	}
	if err == nil && (flags.NArg() == 1) == (w.proof != "") || (w.proof == "") != (w.entry == "") {
		err = errors.New("one site, or one proof with its entry")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "logcheck:", err)
		os.Exit(2)
	}
	w.maxAge, w.site = time.Duration(seconds)*time.Second, flags.Arg(0)
	said, err := check(w)
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("holds:", said)
}
