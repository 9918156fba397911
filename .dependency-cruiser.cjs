/** One direction (design.md section 5): pure core <- engine (ports) <- adapters <- apps. */
const pure = '^libs/(rotation|schedule|trust|nginx-audit|audit-chain)/';
const adapters = '^libs/(ca-source|certificates|host|probe|persistence|queue|platform|webhooks)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-core-has-no-io',
      comment: 'Decisions know no I/O, clock, randomness, framework or database.',
      severity: 'error',
      from: { path: pure, pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(node:)?(fs|net|tls|http|https|dns|child_process|timers|os|process)(/|$)|node_modules/(@nestjs|typeorm|pg|bullmq|ssh2|node-vault)/',
      },
    },
    {
      name: 'pure-core-imports-pure-core',
      severity: 'error',
      from: { path: pure },
      to: { path: '^(libs|apps|migrations|test|tools)/', pathNot: pure },
    },
    {
      name: 'auditor-knows-no-rule',
      comment:
        'A second reading of the journal that shared a condition with the first would share its mistakes.',
      severity: 'error',
      from: { path: '^libs/rotation/src/audit(or|-trail|ed-overlap)\\.ts$' },
      to: {
        path: '^libs/rotation/',
        pathNot:
          '^libs/rotation/src/(actor|audit-trail|audited-overlap|batches|effects|events|invariants|shown-trust|upcast|vocabulary)\\.ts$',
      },
    },
    {
      name: 'engine-knows-no-adapter',
      severity: 'error',
      from: { path: '^libs/engine/' },
      to: { path: [adapters, '^apps/', '^migrations/'] },
    },
    {
      name: 'adapters-do-not-know-each-other',
      severity: 'error',
      from: { path: '^libs/(ca-source|certificates|host|probe|persistence|queue|platform|webhooks)/' },
      to: { path: adapters, pathNot: '^libs/$1/' },
    },
    {
      name: 'simulation-knows-engine-and-pure-core',
      comment: 'What a simulated world is made of must be the same in every run: no adapter belongs to it.',
      severity: 'error',
      from: { path: '^libs/simulation/' },
      to: {
        path: '^(libs|apps|migrations|test|tools)/',
        pathNot: '^libs/(simulation|engine|rotation|schedule|trust)/',
      },
    },
    {
      name: 'libs-do-not-know-simulation',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/simulation/' },
      to: { path: '^libs/simulation/' },
    },
    {
      name: 'api-client-stands-alone',
      comment: 'Whoever takes it knows the API by its document, and nothing of how it is made.',
      severity: 'error',
      from: { path: '^libs/api-client/' },
      to: { path: '^(libs|apps|migrations|test|tools)/', pathNot: '^libs/api-client/' },
    },
    {
      name: 'console-runs-in-a-browser',
      comment:
        'It speaks with the API by its document, and thinks with the pure core. The engine and adapters stay out.',
      severity: 'error',
      from: { path: '^apps/console/src/' },
      to: {
        path: '^(libs|apps|migrations|test|tools)/',
        pathNot: [pure, '^libs/api-client/', '^apps/console/src/'],
      },
    },
    {
      name: 'console-stands-alone',
      severity: 'error',
      from: { pathNot: '^apps/console/' },
      to: { path: '^apps/console/' },
    },
    { name: 'libs-do-not-know-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'product-does-not-know-tests',
      severity: 'error',
      from: { path: '^(libs|apps|migrations)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(test|tools)/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules)/' },
    enhancedResolveOptions: {
      conditionNames: ['windlass-source', 'node', 'import', 'default'],
      exportsFields: ['exports'],
    },
  },
};
