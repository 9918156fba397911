import { z } from 'zod';

const FieldFault = z
  .object({
    pointer: z
      .string()
      .optional()
      .meta({ description: 'JSON pointer (RFC 6901, as a URI fragment) into the body.' }),
    parameter: z.string().optional().meta({ description: 'Name of the query parameter at fault.' }),
    detail: z.string(),
  })
  .meta({ id: 'FieldFault', examples: [{ pointer: '#/soakSeconds', detail: 'must be 0 at least' }] });

export const Finding = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    message: z.string(),
    nextStep: z.string(),
  })
  .meta({
    id: 'Finding',
    description: 'What is wrong with a trust bundle: the certificate, its line, and what to do.',
    examples: [
      {
        code: 'anchor.leaf',
        severity: 'error',
        message: 'certificate 1 (line 1, CN=laptop) is no CA: it says CA:false',
        nextStep: 'put the certificate of the CA that issues your clients in its place',
      },
    ],
  });

/** RFC 9457, with what a program and a person need next. */
export const Problem = z
  .object({
    type: z.string().meta({ description: 'Stable path of the page about this kind of problem.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'One sentence that names the thing at fault.' }),
    instance: z.string().meta({ description: 'Path of the request.' }),
    code: z.string().meta({ description: 'Stable and dotted, for programs.' }),
    nextAction: z.string().meta({ description: 'What a person can do about it now.' }),
    requestId: z.string().meta({ description: 'The same as in the X-Request-Id header and in the log.' }),
    traceId: z.string().optional().meta({
      description: 'Of the trace (W3C Trace Context) that the request was part of, where it was traced.',
    }),
    errors: z.array(FieldFault).optional(),
    findings: z.array(Finding).optional(),
  })
  .meta({
    id: 'Problem',
    examples: [
      {
        type: '/problems/fleet.not-found',
        title: 'Fleet not found',
        status: 404,
        detail: 'There is no fleet 0193a1c0-7b3e-7000-8000-000000000000.',
        instance: '/v1/fleets/0193a1c0-7b3e-7000-8000-000000000000',
        code: 'fleet.not-found',
        nextAction: 'List what there is and take the id from there.',
        requestId: '5a3b7c1e-3c55-4f57-9a4e-0c2a4f6a8d11',
      },
    ],
  });

export type Problem = z.infer<typeof Problem>;
export type FieldFault = z.infer<typeof FieldFault>;
export type Finding = z.infer<typeof Finding>;
