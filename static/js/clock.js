/** A moment as this phone's clock has it, written like an ISO time. @param {Date} date */
export const onWall = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString();

/** Minutes the fair's clock is ahead of UTC at a moment, in minutes since 1970 (UTC). */
export const ahead = ({ offset = 0, offsets = [] }, moment) => offsets.reduce((found, [start, then]) => (moment < start ? found : then), offset);

/** A moment as the fair's clocks show it, written like an ISO time; as this phone's, where it has no catalogue. @param {Date} date */
export const onFair = (date, fair) => (fair ? new Date(date.getTime() + ahead(fair, date.getTime() / 60_000) * 60_000).toISOString() : onWall(date));
