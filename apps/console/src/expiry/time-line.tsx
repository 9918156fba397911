import { useElementSize } from '@mantine/hooks';
import tones from '../elements/tones.module.css';
import { DAY_MS, daysUntil, expiryLook } from '../fleets/expiry.js';
import { isBeyond, type Lane, type Mark, placeOf, type Span, ticksOf } from './time-axis.js';
import classes from './time-line.module.css';

const LANE_PX = 34;
const HEAD_PX = 26;
const EDGE_PX = 14;
/** What a label of the axis needs. */
const LABEL_PX = 52;

interface TimeLineProps {
  readonly lanes: readonly Lane[];
  readonly now: number;
  readonly days: Span;
}

/** When what ends, drawn. The table below it says the same in words, so this is one picture for a screen reader. */
export function TimeLine({ lanes, now, days }: TimeLineProps) {
  const { ref, width } = useElementSize();
  const names = Math.min(180, width * 0.28);
  const across = Math.max(1, width - names - 2 * EDGE_PX);
  const x = (at: number) => names + EDGE_PX + placeOf(at, now, days) * across;
  const height = HEAD_PX + lanes.length * LANE_PX + 6;
  return (
    <div ref={ref}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`The anchors of ${lanes.length} fleets on a time line. The table below has the same in words.`}
          className={`${classes.line} ${tones.tones}`}
        >
          {ticksOf(days, across / LABEL_PX).map((tick) => (
            <g key={tick.days} className={tick.days === 0 ? classes.today : classes.tick}>
              <line
                x1={x(now + tick.days * DAY_MS)}
                x2={x(now + tick.days * DAY_MS)}
                y1={HEAD_PX - 6}
                y2={height}
              />
              <text x={x(now + tick.days * DAY_MS)} y={14} textAnchor={tick.days === days ? 'end' : 'middle'}>
                {tick.label}
              </text>
            </g>
          ))}
          {lanes.map((lane, index) => (
            <g key={lane.id} transform={`translate(0 ${HEAD_PX + index * LANE_PX})`}>
              <line className={classes.lane} x1={0} x2={width} y1={LANE_PX} y2={LANE_PX} />
              <text className={classes.name} x={0} y={LANE_PX / 2 + 5}>
                {shortened(lane.name, names)}
              </text>
              {lane.marks.map((mark) => (
                <MarkShape
                  key={mark.key}
                  mark={mark}
                  x={x(mark.at)}
                  now={now}
                  beyond={isBeyond(mark.at, now, days)}
                />
              ))}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

interface MarkShapeProps {
  readonly mark: Mark;
  readonly x: number;
  readonly now: number;
  readonly beyond: boolean;
}

/** A disc for an anchor that ends, a diamond for a rotation, an arrow for what lies beyond. */
function MarkShape({ mark, x, now, beyond }: MarkShapeProps) {
  const at = new Date(mark.at);
  const { tone } = expiryLook(daysUntil(at.toISOString(), now));
  const says = `${mark.what}: ${mark.kind} ${at.toLocaleString()}`;
  const y = LANE_PX / 2;
  const kind = mark.kind === 'rotates' ? classes.rotates : classes[tone];
  return (
    <g transform={`translate(${x} ${y})`} className={kind}>
      <title>{says}</title>
      {beyond && <path d="M-4 -6L5 0L-4 6Z" />}
      {!beyond && mark.kind === 'ends' && <circle r={6} />}
      {!beyond && mark.kind === 'rotates' && <path d="M0 -7L7 0L0 7L-7 0Z" />}
    </g>
  );
}

const LETTER_PX = 8;

function shortened(name: string, width: number): string {
  const most = Math.max(3, Math.floor(width / LETTER_PX));
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`;
}
