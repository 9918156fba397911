import {
  type BeforeApplicationShutdown,
  Controller,
  Get,
  Inject,
  Param,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Clock, Journal } from '#engine';
import { RotationRecords } from '#persistence';
import { MayRead } from '../access/access-rule.js';
import { type ApiRequest, callerOf } from '../http/api-request.js';
import { pathId } from '../http/text.js';
import { API_KEY } from '../openapi/document.js';
import { Operation, WITH_KEY } from '../openapi/operation.js';
import { EventStream, shownEntry } from './event-stream.js';
import { sequenceAfter } from './last-event-id.js';
import { HistoryPage, HistoryQuery } from './rotation-schemas.js';

const EventsQuery = z.strictObject({
  lastEventId: z
    .string()
    .max(20)
    .optional()
    .meta({ description: 'As the Last-Event-ID header, for clients that cannot set it. The header wins.' }),
});

/** A client that comes back shows its key again: one that was revoked or confined meanwhile opens no stream. */
const MOST_STREAM_MS = 15 * 60_000;
/** One event of the stream, its fields as they are named there. */
const JournalMessage = z.object({
  id: z.string().meta({ description: 'Sequence of the journal entry.' }),
  event: z.string().meta({ description: 'Its type.' }),
  data: z.string().meta({ description: 'The entry, as JSON.' }),
});

@ApiTags('rotations')
@ApiBearerAuth(API_KEY)
@Controller('v1/rotations')
export class RotationEventsController implements BeforeApplicationShutdown {
  private readonly open = new Set<EventStream>();
  private stopping = false;

  constructor(
    @Inject(Journal) private readonly journal: Journal,
    @Inject(RotationRecords) private readonly rotations: RotationRecords,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get(':rotationId/events')
  @MayRead('rotation')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Sequence of the last entry that is known: the stream begins after it.',
    schema: { type: 'string', pattern: '^[0-9]{0,9}$' },
  })
  @ApiResponse({ status: 204, description: 'It has ended, and nothing is left to send.' })
  @Operation({
    summary: 'Follow the journal of a rotation',
    description:
      'Server-sent events: `id` is the sequence of the journal entry, `event` its type, `data` the entry as JSON. ' +
      'Begins with the first entry, ends with `rotation.ended`. Ends also after a quarter of an hour, or with the ' +
      'key or token: come back with Last-Event-ID, as an EventSource does. Answers 204 when the rotation has ended and ' +
      'everything of it is known, so that an EventSource stops.',
    reply: {
      status: 200,
      description: 'The stream; a comment every 15 seconds keeps it alive.',
      mediaType: 'text/event-stream',
      schema: JournalMessage,
    },
    problems: [...WITH_KEY, 'request.malformed-event-id', 'rotation.not-found'],
  })
  async followRotation(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Query({ schema: EventsQuery }) query: z.output<typeof EventsQuery>,
    @Req() request: ApiRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { version, endedAt } = await this.rotations.getRotation(rotationId);
    const after = sequenceAfter(request.get('last-event-id') ?? query.lastEventId, version);
    if (endedAt !== null && after >= version) {
      response.status(204).end();
      return;
    }
    const stream = new EventStream(this.journal, rotationId, response);
    this.open.add(stream);
    // On a connection of before, whose client comes back.
    if (this.stopping) stream.end();
    const until = Math.min(MOST_STREAM_MS, (callerOf(request).until ?? Infinity) - this.clock.now());
    const over = setTimeout(() => stream.end(), until);
    await stream.run(after).finally(() => {
      clearTimeout(over);
      this.open.delete(stream);
    });
  }

  @Get(':rotationId/history')
  @MayRead('rotation')
  @Operation({
    summary: 'List the journal of a rotation',
    description: 'What happened when, without what was recorded of it: that is many times as long.',
    reply: { status: 200, description: 'Oldest first.', schema: HistoryPage },
    problems: [...WITH_KEY, 'rotation.not-found'],
  })
  async listHistory(
    @Param('rotationId', { schema: pathId }) rotationId: string,
    @Query({ schema: HistoryQuery }) { limit, cursor, fields }: z.output<typeof HistoryQuery>,
  ): Promise<z.output<typeof HistoryPage>> {
    const wanted = { after: Number(cursor ?? 0), limit: limit + 1, events: fields === 'all' };
    const entries = await this.rotations.history(rotationId, wanted);
    const items = entries
      .slice(0, limit)
      .map((entry) => shownEntry({ ...entry, at: entry.at.toISOString() }));
    const nextCursor = entries.length > limit ? `${entries[limit - 1]?.sequence}` : null;
    return HistoryPage.parse({ items, nextCursor });
  }

  /** Before the server stops: it waits for every request that is open. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const stream of this.open) stream.end();
  }
}
