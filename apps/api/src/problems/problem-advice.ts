/** A problem in general; `detail` and `nextAction` of a reply say it of the case at hand. */
export interface ProblemAdvice {
  readonly meaning: string;
  readonly next: string;
}
