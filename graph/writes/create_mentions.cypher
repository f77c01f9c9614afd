MATCH (d:Document {id: $document})
UNWIND $rows AS row
MATCH (t:Thing {id: row.thing})
CREATE (n:Mention)
SET n = row.properties
CREATE (n)-[:IN_DOCUMENT]->(d)
CREATE (n)-[:REFERS_TO]->(t)
