// title: How many links a thing has
// purpose: Links and neighbours of a thing, by the kind of neighbour.
// parameters: id
MATCH (t:Thing {id: $id})-[r:AFFILIATED_WITH|DELIVERS|ADDRESSES|LEADS_TO|LOCATED_IN|CONTRIBUTED_TO]-(o:Thing)
WITH [label IN labels(o) WHERE NOT label IN ['Thing', 'Contributor', 'Concept']][0] AS kind, r, o
RETURN kind, count(r) AS links, count(DISTINCT o) AS neighbours
ORDER BY kind
