import type { ProblemCode } from '../http/problem-kinds.js';
import { CA_GUIDE } from './ca-problem-guide.js';
import type { ProblemAdvice } from './problem-advice.js';
import { RECORD_GUIDE } from './record-problem-guide.js';
import { ROTATION_GUIDE } from './rotation-problem-guide.js';
import { SERVICE_GUIDE } from './service-problem-guide.js';

/** What every problem means, whatever it is about this time: the pages that `type` leads to, and docs/problems.md. */
export const PROBLEM_GUIDE: Readonly<Record<ProblemCode, ProblemAdvice>> = {
  ...RECORD_GUIDE,
  ...CA_GUIDE,
  ...ROTATION_GUIDE,
  ...SERVICE_GUIDE,
};
