// START and END are labels of the ontology with unique ids.
UNWIND $rows AS row
MATCH (a:START {id: row.start})
MATCH (b:END {id: row.end})
CREATE (a)-[r:$(row.type)]->(b)
SET r = row.properties
