// title: The neighbourhood of a thing
// purpose: The things that a thing is linked to, at most some of each relation and direction, those with the most statements first; and how many more there are.
// parameters: id: string, each: integer (things of a relation) = 20
MATCH (t:Thing {id: $id})
CALL (t) {
  MATCH (t)-[r:AFFILIATED_WITH|DELIVERS|ADDRESSES|LEADS_TO|LOCATED_IN|CONTRIBUTED_TO]->(o:Thing)
  RETURN type(r) AS link, true AS leaves, r, o
  UNION ALL
  MATCH (t)<-[r:AFFILIATED_WITH|DELIVERS|ADDRESSES|LEADS_TO|LOCATED_IN|CONTRIBUTED_TO]-(o:Thing)
  RETURN type(r) AS link, false AS leaves, r, o
}
WITH link, leaves, r, o ORDER BY r.statements DESC, o.degree DESC, o.name, o.id
WITH link, leaves, count(*) AS total,
     collect({labels: labels(o), id: o.id, name: o.name, degree: o.degree, counts: properties(r)})[..$each] AS things
RETURN link, leaves, total, total - size(things) AS more, things
ORDER BY link, leaves
