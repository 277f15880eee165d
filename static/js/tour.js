// In which order to visit places; twin of companion/catalogue/tour.py, which explains it.

/** All the indices in a good order; 0 first when `fixed`. Never longer than 0, 1, 2, …; need not come back. */
export function order(/** @type {number[][]} */ distances, fixed) {
  const given = distances.map((_, at) => at);
  const greedy = shorten(distances, nearestFirst(distances, fixed ? given.slice(0, 1) : given), fixed);
  const turned = shorten(distances, given, fixed);
  return length(distances, turned) < length(distances, greedy) ? turned : greedy;
}

const length = (distances, tour) => tour.slice(1).reduce((sum, to, i) => sum + distances[tour[i]][to], 0);

/** Always on to the nearest not yet visited; from the start that makes it shortest. */
function nearestFirst(distances, starts) {
  let best = [];
  for (const start of starts) {
    const tour = [start];
    const left = distances.map((_, at) => at).filter(at => at !== start);
    while (left.length) {
      const from = distances[tour.at(-1)];
      const nearest = left.reduce((best, at) => from[at] < from[best] ? at : best);
      tour.push(nearest);
      left.splice(left.indexOf(nearest), 1);
    }
    if (!best.length || length(distances, tour) < length(distances, best)) best = tour;
  }
  return best;
}

/** 2-opt on an open tour: both ends are free, or only the last. */
function shorten(distances, given, fixed) {
  const tour = [...given];
  const end = tour.length - 1;
  for (let shorter = true; shorter;) {
    shorter = false;
    for (let i = fixed ? 1 : 0; i < end; i++) {
      for (let j = i + 1; j <= end; j++) {
        let gain = 0;
        if (i > 0) gain += distances[tour[i - 1]][tour[i]] - distances[tour[i - 1]][tour[j]];
        if (j < end) gain += distances[tour[j]][tour[j + 1]] - distances[tour[i]][tour[j + 1]];
        if (gain <= 0) continue;
        tour.splice(i, j - i + 1, ...tour.slice(i, j + 1).reverse());
        shorter = true;
      }
    }
  }
  return tour;
}
