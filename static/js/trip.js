// In which order to visit places; twin of companion/catalogue/trip.py, which explains it.

/** All the indices in a good order; 0 first when `fixed`. Never longer than 0, 1, 2, …; need not come back. */
export function order(/** @type {number[][]} */ distances, fixed) {
  const given = distances.map((_, at) => at);
  const greedy = shorten(distances, nearestFirst(distances, fixed ? given.slice(0, 1) : given), fixed);
  const turned = shorten(distances, given, fixed);
  return length(distances, turned) < length(distances, greedy) ? turned : greedy;
}

const length = (distances, trip) => trip.slice(1).reduce((sum, to, i) => sum + distances[trip[i]][to], 0);

/** Always on to the nearest not yet visited; from the start that makes it shortest. */
function nearestFirst(distances, starts) {
  let best = [];
  for (const start of starts) {
    const trip = [start];
    const left = distances.map((_, at) => at).filter(at => at !== start);
    while (left.length) {
      const from = distances[trip.at(-1)];
      const nearest = left.reduce((best, at) => from[at] < from[best] ? at : best);
      trip.push(nearest);
      left.splice(left.indexOf(nearest), 1);
    }
    if (!best.length || length(distances, trip) < length(distances, best)) best = trip;
  }
  return best;
}

/** 2-opt on an open trip: both ends are free, or only the last. */
function shorten(distances, given, fixed) {
  const trip = [...given];
  const end = trip.length - 1;
  for (let shorter = true; shorter;) {
    shorter = false;
    for (let i = fixed ? 1 : 0; i < end; i++) {
      for (let j = i + 1; j <= end; j++) {
        let gain = 0;
        if (i > 0) gain += distances[trip[i - 1]][trip[i]] - distances[trip[i - 1]][trip[j]];
        if (j < end) gain += distances[trip[j]][trip[j + 1]] - distances[trip[i]][trip[j + 1]];
        if (gain <= 0) continue;
        trip.splice(i, j - i + 1, ...trip.slice(i, j + 1).reverse());
        shorter = true;
      }
    }
  }
  return trip;
}
