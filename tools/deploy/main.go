// Command windlass-deploy-check reads what deploy/ holds with the libraries of the programs that will read it:
// compose files as `docker compose config` does, charts as `helm template` does.
//
//	windlass-deploy-check compose FILE              the project as JSON
//	windlass-deploy-check chart FOLDER VALUES...    what each template became, by its name, as JSON
//
// The whole Helm would take minutes to build; its engine is what renders.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

// kubernetes is the version that charts are rendered for.
const kubernetes = "v1.34.0"

func main() {
	result, err := run(os.Args[1:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) (any, error) {
	if len(args) == 2 && args[0] == "compose" {
		return compose(args[1])
	}
	if len(args) >= 2 && args[0] == "chart" {
		return chart(args[1], args[2:])
	}
	return nil, errors.New("usage: windlass-deploy-check compose FILE | chart FOLDER VALUES...")
}

// compose fails where a variable that must be set is not, the file breaks the Compose Specification, or it names a
// network, volume or service that is not there.
func compose(file string) (any, error) {
	options, err := cli.NewProjectOptions([]string{file},
		cli.WithOsEnv, cli.WithProfiles([]string{"*"}), cli.WithResolvedPaths(true))
	if err != nil {
		return nil, err
	}
	return options.LoadProject(context.Background())
}

// chart fails where the values break values.schema.json, the chart wants another Kubernetes, or a template does not
// render. Strict: a value that is not there is an error.
func chart(folder string, files []string) (any, error) {
	loaded, err := loader.LoadDir(folder)
	if err != nil {
		return nil, err
	}
	if err := loaded.Validate(); err != nil {
		return nil, err
	}
	if !chartutil.IsCompatibleRange(loaded.Metadata.KubeVersion, kubernetes) {
		return nil, fmt.Errorf("the chart wants Kubernetes %s, not %s", loaded.Metadata.KubeVersion, kubernetes)
	}
	values := chartutil.Values{}
	for _, file := range files {
		read, err := chartutil.ReadValuesFile(file)
		if err != nil {
			return nil, err
		}
		values = chartutil.CoalesceTables(read, values)
	}
	release := chartutil.ReleaseOptions{Name: "windlass", Namespace: "pki", Revision: 1, IsInstall: true}
	capabilities := *chartutil.DefaultCapabilities
	version, err := chartutil.ParseKubeVersion(kubernetes)
	if err != nil {
		return nil, err
	}
	capabilities.KubeVersion = *version
	rendered, err := chartutil.ToRenderValues(loaded, values, release, &capabilities)
	if err != nil {
		return nil, err
	}
	return engine.Engine{Strict: true}.Render(loaded, rendered)
}
