/** A moment as this phone's clock has it, written like an ISO time. @param {Date} date */
export const onWall = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString();
