export { Metrics } from './metrics.js';
export { ALL_METRICS, metricsInMarkdown } from './metrics-in-markdown.js';
export { type MetricsServer, serveMetrics } from './serve-metrics.js';
