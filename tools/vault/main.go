// Command windlass-test-vault serves a real HashiCorp Vault, in memory, for the tests of Windlass.
//
// It initialises and unseals itself, prints one line of JSON (see readiness) and serves until it is told to stop.
// Nothing survives the process. Vault is BUSL-1.1: this is a test tool and never part of what Windlass ships.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/builtin/logical/pki"
	"github.com/hashicorp/vault/builtin/logical/transit"
	"github.com/hashicorp/vault/helper/namespace"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
	"github.com/hashicorp/vault/version"
)

const rootTokenVariable = "WINDLASS_VAULT_ROOT_TOKEN"

var plugins = builtins{
	consts.PluginTypeSecrets:    {"kv": kv.Factory, "pki": pki.Factory, "transit": transit.Factory},
	consts.PluginTypeCredential: {"approle": approle.Factory},
}

// options is what the caller asked for on the command line and in the environment.
type options struct {
	listen        string
	rootToken     string
	exitWithStdin bool
}

// readiness is the one line on stdout that says the server answers requests. UnsealKey (base64) is the single share:
// one PUT /v1/sys/unseal with it reopens a sealed server. The root token is not repeated: the caller chose it.
type readiness struct {
	Address   string `json:"address"`
	Version   string `json:"version"`
	UnsealKey string `json:"unsealKey"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "windlass-test-vault:", err)
		os.Exit(1)
	}
}

// run serves until a signal or, if asked for, the end of stdin; both are a normal end (nil). It fails when an option
// is missing, the address cannot be bound, or Vault does not come up.
func run() error {
	opts, err := parseOptions()
	if err != nil {
		return err
	}
	ctx, cancel := lifetime(opts)
	defer cancel()
	// Bound before Vault starts, so that a taken port is reported at once.
	listener, err := net.Listen("tcp", opts.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	logger := hclog.New(&hclog.LoggerOptions{Name: "vault", Level: hclog.Warn, Output: os.Stderr})
	core, err := newCore(logger)
	if err != nil {
		return fmt.Errorf("create the core: %w", err)
	}
	unsealKey, err := open(core, opts.rootToken)
	if err != nil {
		return err
	}
	ready := readiness{
		Address:   "http://" + listener.Addr().String(),
		Version:   version.GetVersion().VersionNumber(),
		UnsealKey: base64.StdEncoding.EncodeToString(unsealKey),
	}
	return serve(ctx, core, listener, logger, ready)
}

// parseOptions reads flags and environment. A missing root token is an error: a generated one would have to be
// printed, and the caller is a test that can just as well choose it.
func parseOptions() (options, error) {
	var opts options
	flag.StringVar(&opts.listen, "listen", "127.0.0.1:0", "`address` to serve HTTP on; port 0 picks a free one")
	flag.StringVar(&opts.rootToken, "root-token", "",
		"root `token` to create; rather set "+rootTokenVariable+", which the process list does not show")
	flag.BoolVar(&opts.exitWithStdin, "exit-with-stdin", false,
		"stop when stdin ends, so that the server does not outlive a killed parent")
	flag.Parse()
	if flag.NArg() > 0 {
		return opts, fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}
	if opts.rootToken == "" {
		opts.rootToken = os.Getenv(rootTokenVariable)
	}
	if opts.rootToken == "" {
		return opts, errors.New("no root token: set " + rootTokenVariable + " or pass -root-token")
	}
	return opts, nil
}

// lifetime returns a context that ends with SIGTERM, SIGINT or, if asked for, the end of stdin.
func lifetime(opts options) (context.Context, context.CancelFunc) {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	if opts.exitWithStdin {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			cancel()
		}()
	}
	return ctx, cancel
}

// newCore builds a sealed, uninitialised Vault on storage that lives in this process.
func newCore(logger hclog.Logger) (*vault.Core, error) {
	storage, err := inmem.NewInmem(nil, logger)
	if err != nil {
		return nil, err
	}
	return vault.NewCore(&vault.CoreConfig{
		Physical:           storage,
		LogicalBackends:    plugins[consts.PluginTypeSecrets],
		CredentialBackends: plugins[consts.PluginTypeCredential],
		BuiltinRegistry:    plugins,
		DisableMlock:       true,
		Logger:             logger,
	})
}

// open initialises the core with one key share, unseals it and leaves rootToken as its only root token. It returns
// the unseal key. It fails when Vault refuses the token, for instance one that starts with "hvs." or "s.".
func open(core *vault.Core, rootToken string) ([]byte, error) {
	ctx := namespace.RootContext(context.Background())
	seal := &vault.SealConfig{SecretShares: 1, SecretThreshold: 1, StoredShares: 1}
	initialised, err := core.Initialize(ctx, &vault.InitParams{BarrierConfig: seal})
	if err != nil {
		return nil, fmt.Errorf("initialise: %w", err)
	}
	unsealKey := initialised.SecretShares[0]
	// Unseal wipes the slice it is given.
	if _, err := core.Unseal(append([]byte(nil), unsealKey...)); err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	if err := replaceRootToken(ctx, core, initialised.RootToken, rootToken); err != nil {
		return nil, fmt.Errorf("set the root token: %w", err)
	}
	return unsealKey, nil
}

// replaceRootToken creates the root token wanted and revokes the one Vault generated, as Vault's own dev mode does.
func replaceRootToken(ctx context.Context, core *vault.Core, generated, wanted string) error {
	create := &logical.Request{
		ID: "create-root", Operation: logical.UpdateOperation, ClientToken: generated, Path: "auth/token/create",
		Data: map[string]any{"id": wanted, "policies": []string{"root"}, "no_parent": true, "no_default_policy": true},
	}
	response, err := core.HandleRequest(ctx, create)
	if response.IsError() {
		// Vault's error says only "invalid request"; the response says why.
		return response.Error()
	}
	if err != nil {
		return err
	}
	revoke := &logical.Request{
		ID: "revoke-generated", Operation: logical.UpdateOperation, ClientToken: generated, Path: "auth/token/revoke-self",
	}
	_, err = core.HandleRequest(ctx, revoke)
	return err
}

// serve answers requests until ctx ends, then seals the core. The readiness line needs no wait for the accept loop: the
// kernel queues connections from the moment the listener was bound.
func serve(ctx context.Context, core *vault.Core, listener net.Listener, logger hclog.Logger, ready readiness) error {
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{
		Core: core,
		// Vault's handler dereferences this one unconditionally.
		ListenerConfig: &configutil.Listener{Address: listener.Addr().String()},
	})
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: logger.StandardLogger(nil)}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if err := json.NewEncoder(os.Stdout).Encode(ready); err != nil {
		return fmt.Errorf("report readiness: %w", err)
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// Close, not Shutdown: whoever stops a test server does not wait for its idle connections.
	return errors.Join(server.Close(), core.Shutdown())
}

// builtins tells Vault which plugins are compiled in. Without it Vault panics on the first mount.
type builtins map[consts.PluginType]map[string]logical.Factory

func (b builtins) Get(name string, kind consts.PluginType) (func() (any, error), bool) {
	factory, found := b[kind][name]
	return func() (any, error) { return factory, nil }, found
}

func (b builtins) Contains(name string, kind consts.PluginType) bool {
	_, found := b[kind][name]
	return found
}

func (b builtins) Keys(kind consts.PluginType) []string { return slices.Sorted(maps.Keys(b[kind])) }

func (b builtins) DeprecationStatus(name string, kind consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, b.Contains(name, kind)
}

func (builtins) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
