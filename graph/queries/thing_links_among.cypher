// title: Links among things
// purpose: The links between the things of a drawing, apart from those of the thing in its centre.
// parameters: ids, id (the thing in the centre), limit
MATCH (f:Thing)-[r:AFFILIATED_WITH|DELIVERS|ADDRESSES|LEADS_TO|LOCATED_IN|CONTRIBUTED_TO]->(e:Thing)
WHERE f.id IN $ids AND e.id IN $ids AND f.id <> $id AND e.id <> $id
RETURN {labels: labels(f), id: f.id, name: f.name} AS start, type(r) AS link,
       {labels: labels(e), id: e.id, name: e.name} AS end, properties(r) AS counts
ORDER BY counts.statements DESC, link, f.name, e.name, f.id, e.id
LIMIT $limit
