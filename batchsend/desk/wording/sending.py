"""What the desk says of sending, of what went before, and of reports."""

from __future__ import annotations

from batchsend.language import N_

SENDING = {
    "The ledger {place} is in use by another run, begun {begun:%Y-%m-%d %H:%M} (process "
    "{process}).": N_("This mailing is being sent from elsewhere since {begun:%Y-%m-%d %H:%M}."),
    "The ledger {place} is in use by another run.": N_(
        "This mailing is being sent from elsewhere at this moment."
    ),
    "Wait until that one has ended, or stop it, and run the same command again.": N_(
        "Wait until that is done, and go on then. No letter goes twice."
    ),
    "The base_url is not a web address: {error}.": N_(
        "The address of the letter service is not a web address: {error}."
    ),
    "The base_url “{url}” is not a web address.": N_(
        "The address of the letter service, “{url}”, is not a web address."
    ),
    "The base_url holds a user name, a password, or something after ? or #.": N_(
        "The address of the letter service holds a user name, a password, or something after ? or "
        "#."
    ),
    "Set secrets in the environment; the base_url is written to the ledger.": N_(
        "Leave them out: the address is shown and kept, and is no place for secrets."
    ),
    "The {what} “{address}” is plain http: anyone on the way could read the letters.": N_(
        "The address “{address}” begins with http://, so that anyone on the way could read the "
        "letters."
    ),
    "Use the https:// address. If there is none and you accept that, set `insecure_http = true` "
    "under [send].": N_("Use the address that begins with https://."),
    "Check the base_url. If a firewall stands in between, ask for its certificate authority's PEM "
    "file and set `ca_file` under [send].": N_(
        "Check the address of the letter service. If your workplace has a firewall in between, ask "
        "those who look after it."
    ),
    "This run would send {letters} letters, and [send] max_letters is {most}.": N_(
        "This would send {letters} letters, and {most} are the most that this mailing allows."
    ),
    "This run would cost {cost}, and [send] max_cost is {most}.": N_(
        "This would cost {cost}, and {most} is the most that this mailing allows."
    ),
    "This run would cost about {cost}, and [send] max_cost is {most}.": N_(
        "This would cost about {cost}, and {most} is the most that this mailing allows."
    ),
    "{letters:,} letters were sent, as many as [send] max_letters allows.": N_(
        "{letters:,} letters were sent, as many as this mailing allows."
    ),
    "The next letter would make the cost of this run {spent:,.2f}, and [send] max_cost is "
    "{cost:,.2f}.": N_(
        "The next letter would make the cost {spent:,.2f}, and {cost:,.2f} is the most that this "
        "mailing allows."
    ),
    "If that is right, raise it in {path}. To send a part, choose it with --rows or --limit.": N_(
        "If that is right, ask whoever set the limit to raise it; or shorten the list."
    ),
    "[send] approval is set, and nobody has approved this mailing. Nothing was sent.": N_(
        "Another person must approve this mailing, and nobody has approved it. Nothing was sent."
    ),
    "Another letter went, or may have gone, under this identifier. This one was not sent.": N_(
        "Another letter went, or may have gone, to this recipient already. This one was not sent."
    ),
    "Nothing, if it is that letter. If it is another one, give it an identifier of its own and "
    "send again.": N_(
        "Nothing, if it is that letter. If it is another one, begin another period at “Next month”."
    ),
    "Nothing, if it is that letter. If it is another one, send it with batchsend send --again and "
    "its row.": N_(
        "Nothing, if it is that letter. If it is another one, begin another period at “Next month”."
    ),
    "Ask the provider about it, then settle it with batchsend settle. It is never sent again "
    "without that decision.": N_(
        "Ask the provider whether the letter was taken. It is never sent again without an answer."
    ),
    "The letter was left out of the run by --rows or --limit.": N_(
        "The letter was not among those that were chosen."
    ),
    "Forgotten by batchsend purge --identifier.": N_("Forgotten, as somebody asked for."),
    "What mailing.toml says of the letters, their pages or prices has changed since.": N_(
        "What is set for the letters, their pages or prices has changed since."
    ),
    "If it is that period: --period {like}. If it is another, write it in another way.": N_(
        "If it is the period {like}, write it like that. If it is another, write it in another way."
    ),
    "Use what was corrected in it with `batchsend correct MAILING FILE` and remove it, or name "
    "another file.": N_("Drop it at “Check”, which takes what was corrected in it."),
    "Name the list with --list.": N_("Drop the list at “Next month”."),
    "[[send.fallback]] needs the list in a file: standard input can be read only once.": N_(
        "Refused letters can go another way only where the list is a file."
    ),
    "Write it to a file, and name that with --list.": N_(
        "Save the list as a file, and drop that at “Next month”."
    ),
    "[[send.fallback]] sends refused letters by {channel}, and they cannot go by it: {message}": N_(
        "Refused letters are to go by {channel}, and they cannot: {message}"
    ),
    "A run of {mailing} began {started:%Y-%m-%d %H:%M} in {folder} and is still going on, or was "
    "broken off. What it sent is not known here: run `batchsend report` there first.": N_(
        "A run of {mailing} began {started:%Y-%m-%d %H:%M} in {folder} and is still going on, or "
        "was broken off. What it sent is not known here: look at that mailing's receipt first."
    ),
    "The answer to {number} of the letters could not be noted: {named}. The next run finds "
    "them in doubt, and `batchsend settle` lists them.": N_(
        "The answer to {number} of the letters could not be noted: {named}. The next run finds "
        "them in doubt, and “The receipt” lists them."
    ),
    "Name one of them with --period.": N_("Choose one of them at “Next month”."),
    "If the ledger lies elsewhere, name it with --ledger. If the mailing was moved without its "
    "ledger, or its file renamed, undo that.": N_(
        "If the mailing's folder was moved without all of its files, or its file renamed, undo "
        "that."
    ),
    "Runs to {other} are not in this report; batchsend report --run shows them one by one.": N_(
        "What was sent to {other} is not in this receipt."
    ),
    "The checked list of run {number} is gone, by batchsend purge or by hand: of its letters "
    "there is only what the ledger keeps, without the list’s columns.": N_(
        "The list of run {number} has been tidied away: its letters are listed without the "
        "columns of the list."
    ),
    "The checked list of run {number} is gone, by `batchsend purge` or by hand, or on another "
    "machine (the run was {process}).": N_(
        "The list of run {number} has been tidied away, or is on another machine (the run was "
        "{process})."
    ),
    "The checked list of run {number} is gone, by `batchsend purge` or by hand.": N_(
        "The list of run {number} has been tidied away."
    ),
    "What the ledger still knows of it: {table}\nSending again writes a whole report, and nothing "
    "that was accepted goes again.": N_(
        "Go to “Send” again: what was accepted is not sent again, and the receipt is written again."
    ),
    "--base-url says": N_("the address says"),
    "mailing.toml says": N_("this mailing says"),
    "[send.me] is missing, which says who gets the letter.": N_(
        "It is not known yet who gets the letter."
    ),
    "The address window of the letter does not show [send.me]: {named} is missing there. "
    "Nothing was sent.": N_(
        "The address window of the letter does not show your own address: {named} is missing "
        "there. Nothing was sent."
    ),
    "Write it into mailing.toml with your own Name, Address1, PostCode and City.": N_(
        "Fill in your own name and address at “Send”, under “One to me first”."
    ),
    "Let the template make the address of letter.Invoicee, as {{ letter.Invoicee.Name }}, and "
    "not of the list's columns.": N_(
        "Put the field “Recipient's name” into the letter's address, at “The letter”, in place "
        "of a column of the list."
    ),
    "[send] approval needs a ledger in PostgreSQL on this system, where the owner of a file "
    "cannot be known.": N_(
        "Another person's approval needs a shared database on this system, where the owner of "
        "a file cannot be known."
    ),
    "Keep the ledger in a database: [ledger] url.": N_(
        "Ask whoever looks after the machine for a shared database."
    ),
    "Check the credentials and the base_url, then send again: nothing is lost.": N_(
        "Check the keys and the address of the provider, then send again: nothing is lost."
    ),
    "Check the base_url, and whether a proxy or a login page on the way answers in the API's "
    "place.": N_(
        "Check the address of the provider, and whether a login page on the way answers in its "
        "place."
    ),
    "Check the base_url and the network, then send again: nothing is lost.": N_(
        "Check the address of the provider and the network, then send again: nothing is lost."
    ),
    "Waiting until {opening:%Y-%m-%d %H:%M}, as [send] says.": N_(
        "Waiting until {opening:%Y-%m-%d %H:%M}, the hour that is set for this mailing."
    ),
    "{total:,.2f} {currency} by the prices in mailing.toml.": N_(
        "{total:,.2f} {currency} by the prices that are set for this mailing."
    ),
    "Close it there, or name another file; `batchsend report` writes it again.": N_(
        "Close it there; “Write the files again” on the receipt writes it again."
    ),
    "Make room; `batchsend report` writes it again.": N_(
        "Make room; “Write the files again” on the receipt writes it again."
    ),
    "`batchsend report` writes it again.": N_(
        "“Write the files again” on the receipt writes it again."
    ),
    "Name the list of the period {period} with --list. If it is this one all the same, name this "
    "one.": N_("Drop the list of the period {period} at “Next month”."),
    "[send] approval is not set in {path}, so nobody asks for an approval: anyone can send the "
    "mailing, {by} among them.": N_(
        "This mailing asks for no approval: anyone can send it, {by} among them."
    ),
    "{reason} But before it was left out, its letter may have been taken in run {run}: ask the "
    "provider, then settle it with batchsend settle.": N_(
        "{reason} But before it was left out, its letter may have been taken in run {run}: ask the "
        "provider, then settle it on the receipt."
    ),
    "{earlier} What it said is forgotten, by batchsend purge --identifier, so nobody can tell "
    "whether it is this one. This one was not sent.": N_(
        "{earlier} What it said is forgotten, so nobody can tell whether it is this one. This one "
        "was not sent."
    ),
    'Let the identifier use the period: under [payload.Letter], Identifier = "{{ period }}-…" '
    "and a column that is different in every row.": N_(
        "Choose the period again at “Next month”, so that each letter is another one than before."
    ),
    "It keeps identifiers and outcomes, so that nothing goes twice.": N_(
        "It knows which letters went and how that ended, so that nothing goes twice."
    ),
    "This user’s register of all mailings: it keeps identifiers and outcomes, so that nothing goes "
    "twice from another folder.": N_(
        "It knows what you sent from every folder of this computer, so that nothing goes twice "
        "from another folder."
    ),
}
