// title: A thing's links
// purpose: The links of a thing to others, gathered from statements, those with the most statements first.
// parameters: id, skip, limit
MATCH (t:Thing {id: $id})-[r:AFFILIATED_WITH|DELIVERS|ADDRESSES|LEADS_TO|LOCATED_IN|CONTRIBUTED_TO]-(o:Thing)
WITH startNode(r) AS f, r, endNode(r) AS e, o
RETURN {labels: labels(f), id: f.id, name: f.name} AS start, type(r) AS link,
       {labels: labels(e), id: e.id, name: e.name} AS end, properties(r) AS counts
ORDER BY counts.statements DESC, link, o.name, o.id
SKIP $skip LIMIT $limit
