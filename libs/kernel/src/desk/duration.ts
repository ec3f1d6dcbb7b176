const FORM = /^P(?!$)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?$/;

/**
 * Whole seconds of an ISO-8601 duration (`PT8H`, `P30D`, `P1DT12H`). A day is exactly 24 h whatever the clocks do, so
 * months and years, which have no fixed length, are refused; so are fractions.
 */
export function parseDuration(text: string): number {
  const match = FORM.exec(text);
  if (!match) throw new RangeError(`not a duration of weeks, days, hours, minutes and seconds: ${text}`);
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((digits) => Number(digits ?? 0));
  return ((((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}

export function isDuration(text: string): boolean {
  return FORM.test(text);
}
