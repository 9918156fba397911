// Builds newer nginxes than this Debian has, to hold verdicts against. Kept outside the repository, as the test
// Vault is.
//
//   node tools/nginx/build.mjs      one path a line on stdout, progress goes to stderr
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, keep } from '../setup/machine-cache.mjs';
import { runCommand } from '../setup/run-command.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Where each version has its sources from. Debian's next release has 1.26; from 1.27.2 on nginx reads bundles and
 * CRLs by other code (ngx_ssl_cache), and a crate that carries its sources is what a package registry has of that.
 */
const SOURCES = [
  { version: '1.26.3', fetch: (work) => fromDebian(work, 'trixie') },
  { version: '1.28.3', fetch: (work) => fromCrate(work, 'nginx-src', '1.28.5') },
];

const CONFIGURE = [
  ...['--with-http_ssl_module', '--with-stream', '--with-stream_ssl_module'],
  ...['--without-http_gzip_module', '--error-log-path=stderr'],
];

/**
 * The paths of the binaries. The first call on a machine takes half a minute for each; later ones find what
 * it built, until its folder is removed. `log` receives progress, a line at a time. Throws an Error that says which
 * step failed.
 */
export function ensureNewerNginx({ log = () => {} } = {}) {
  return SOURCES.map((source) => {
    const folder = cacheFolder('nginx', source.version);
    if (!existsSync(folder)) build(source, folder, log);
    return join(folder, 'nginx');
  });
}

function build({ version, fetch }, folder, log) {
  const work = mkdtempSync(join(tmpdir(), 'windlass-nginx-build-'));
  try {
    log(`nginx ${version}: its sources ...`);
    const source = fetch(work);
    log(`nginx ${version}: configure and make ...`);
    run(existsSync(join(source, 'configure')) ? './configure' : 'auto/configure', CONFIGURE, source);
    run('make', ['-j2', '-s'], source);
    keep(folder, (partial) => copyFileSync(join(source, 'objs', 'nginx'), join(partial, 'nginx')));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** apt, with lists of its own, so that this machine's packages stay what they are; it checks the signatures. */
function fromDebian(work, suite) {
  const lists = join(work, 'lists');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(work, 'cache', 'archives', 'partial'), { recursive: true });
  const sources = join(work, 'sources.list');
  writeFileSync(sources, `deb-src [signed-by=${KEYRING}] ${mirror(work)} ${suite} main\n`);
  const options = [
    ...['-qq', '-o', `Dir::Etc::sourcelist=${sources}`, '-o', 'Dir::Etc::sourceparts=/dev/null'],
    ...['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${join(work, 'cache')}`],
    // apt fetches as a user of its own, who may not look into our folder.
    ...['-o', 'APT::Sandbox::User=root'],
  ];
  run('apt-get', [...options, 'update'], work);
  run('apt-get', [...options, 'source', '--download-only', '--tar-only', 'nginx'], work);
  run('tar', ['-xf', only(work, /^nginx_[\d.]+\.orig\.tar\.\w+$/)], work);
  return join(work, only(work, /^nginx-[\d.]+$/));
}

/** Where this machine has its own Debian from. */
function mirror(work) {
  const format = '$(LABEL) $(REPO_URI)';
  const lines = run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], work).split(
    '\n',
  );
  const found = lines.find((line) => line.startsWith('Debian '));
  if (found === undefined) throw new Error('apt knows no mirror of Debian: is there one in /etc/apt?');
  return found.slice('Debian '.length);
}

/** cargo checks what it fetches against the registry's checksums. */
function fromCrate(work, crate, version) {
  mkdirSync(join(work, 'src'));
  writeFileSync(join(work, 'src', 'lib.rs'), '');
  writeFileSync(
    join(work, 'Cargo.toml'),
    `[package]\nname = "sources"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n${crate} = "=${version}"\n`,
  );
  run('cargo', ['vendor', '-q'], work);
  return join(work, 'vendor', crate, 'nginx');
}

function only(folder, pattern) {
  const found = readdirSync(folder).find((name) => pattern.test(name));
  if (found === undefined) throw new Error(`nothing that was fetched is called ${pattern.source}`);
  return found;
}

/** Where rustup puts cargo; a shell that is no login shell does not look there. */
function run(command, args, cwd) {
  const PATH = `${process.env.PATH ?? ''}:${join(homedir(), '.cargo', 'bin')}`;
  return runCommand(command, args, { cwd, env: { PATH } });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const log = (line) => process.stderr.write(`setup: ${line}\n`);
  for (const path of ensureNewerNginx({ log })) console.log(path);
}
