"""Small tables in the forms that providers publish, with invented numbers."""

from __future__ import annotations

from habeas.errors import Refused
from habeas.reports.others import Figure, Published, read_figures

APPLE = (
    "period,country,request_type,requests_received,items_specified,requests_data_provided,"
    "pct_data_provided,content_provided,noncontent_provided,accounts_preserved"
)
BANDS = "period,country,category,requests_low,requests_high,accounts_low,accounts_high"
USER_DATA = (
    "Period Ending,Country,CLDR Territory Code,Legal Process,User Data Requests,% with some data,Accounts"
)
REMOVALS = "period,iso2,country,requestor,reason,num_requests,items_requested,removed_legal"
RECEIVED = "year,type,count_requests_received,count_disclosed"
CROSS_BORDER = "year,government,government_iso2_code,count"
TAKEDOWNS = (
    "year,government,government_iso2_code,type,"
    "count_processed,count_repos_affected,count_pages_affected,count_accounts_affected"
)
LETTERS = "year,month_range,type,count"


def table(*lines: str) -> Published:
    return read_figures("\n".join(lines).encode(), "t.csv")


def one(heading: str, line: str) -> Figure:
    """The only figure of a table of one line."""
    read = table(heading, line)
    assert read.refused == ()
    (figure,) = read.figures
    return figure


def refused(heading: str, line: str) -> Refused:
    """Why the only line of a table is refused."""
    read = table(heading, line)
    assert read.figures == ()
    (refusal,) = read.refused
    return refusal
