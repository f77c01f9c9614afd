// title: The shortest way between two things
// purpose: One shortest chain of links between two things, whatever their direction; each step with its counts. No row where there is none of up to six links.
// parameters: start: string, end: string
MATCH (a:Thing {id: $start}), (b:Thing {id: $end})
WHERE a <> b
MATCH path = shortestPath((a)-[:AFFILIATED_WITH|DELIVERS|ADDRESSES|LEADS_TO|LOCATED_IN|CONTRIBUTED_TO*..6]-(b))
RETURN [n IN nodes(path) | {labels: labels(n), id: n.id, name: n.name}] AS things,
       [r IN relationships(path) | {link: type(r), start: startNode(r).id, end: endNode(r).id, counts: properties(r)}]
         AS links
