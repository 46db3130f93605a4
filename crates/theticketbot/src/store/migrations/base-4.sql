-- $name was renamed to $author.
UPDATE inbox SET default_ticket_name = replace(default_ticket_name, '${name}', '${author}');
UPDATE inbox SET default_ticket_name = replace(default_ticket_name, '$name', '$author');
