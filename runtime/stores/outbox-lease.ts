/**
 * A taking that lasts so much longer than the asker's own would was made by a clock that is ahead of his, in ms: most likely the same machine's before it was
 * set back. It counts as over; otherwise what a crashed relay had taken would not leave until the clock is there again.
 */
export const leaseAheadMaxMs = 60_000;
