// title: A thing
// purpose: A thing by its id, or the thing that it was merged into, with counts of what its page lists. No row if nothing has the id.
// parameters: id
OPTIONAL MATCH (own:Thing {id: $id})
OPTIONAL MATCH (:Merged {id: $id})-[:MERGED_INTO]->(other:Thing)
WITH coalesce(own, other) AS t
WHERE t IS NOT NULL
OPTIONAL MATCH (t)-[:IN_SECTOR]->(sector:Sector)
RETURN t.id AS id, labels(t) AS labels, t.name AS name, coalesce(t.aliases, []) AS aliases,
       coalesce(t.mentions, 0) AS mentions, coalesce(t.documents, 0) AS documents,
       coalesce(t.statements, 0) AS statements, sector.id AS sector,
       COLLECT { MATCH (t)-[:UNDER]->(h:Heading) RETURN {id: h.id, label: h.label} ORDER BY h.label } AS headings,
       COUNT { (t)<-[:MADE_BY]-(:Statement) } AS made,
       COUNT { MATCH (t)<-[:SUBJECT|OBJECT]-(s:Relation) WHERE NOT (s)-[:MADE_BY]->(t) RETURN DISTINCT s } AS related,
       COLLECT {
         MATCH (t)-[r:AFFILIATED_WITH|DELIVERS|ADDRESSES|LEADS_TO|LOCATED_IN|CONTRIBUTED_TO]-(o:Thing)
         WITH [label IN labels(o) WHERE NOT label IN ['Thing', 'Contributor', 'Concept']][0] AS kind, r, o
         WITH kind, count(r) AS links, count(DISTINCT o) AS neighbours ORDER BY kind
         RETURN {kind: kind, links: links, neighbours: neighbours}
       } AS linked,
       COUNT { (t)<-[:MENTIONS]-(:Document) } AS mentioning,
       COUNT { (t)<-[:WRITTEN_BY]-(:Document) } AS written
