// A new document and the things that it mentions.
CREATE (d:Document)
SET d = $properties
WITH d
UNWIND $mentions AS row
MATCH (t:Thing {id: row.id})
CREATE (d)-[r:MENTIONS]->(t)
SET r = row.properties
