"""Hosts that read like another one in ASCII."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.content.host_twins import WELL_KNOWN, HostTwin, find_twins, spellings


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("rnuseum.example", "museum.example"),
        ("museurn.example", "museum.example"),
        ("museum.example", "rnuseum.example"),  # if the fake one was first
        ("www.rnuseum.example", "museum.example"),
        ("rnuseum.example", "www.museum.example"),
        ("shop.rnuseum.example", "museum.example"),
        ("rnuseum.example", "shop.museum.example"),
        ("tovvnhall.example", "townhall.example"),
        ("clovecote.example", "dovecote.example"),
        ("vi11age.example", "village.example"),
        ("viilage.example", "village.example"),
        ("sch0ol.example", "school.example"),
        ("sch00l.example", "school.example"),
        ("rnuseum.co.uk", "museum.co.uk"),
        ("gerneinde.example", "gemeinde.example"),
    ],
)
def test_twin_is_found(host, known):
    assert [twin.host for twin in find_twins([host], [known])] == [host]


@pytest.mark.parametrize(
    "host", ["paypa1.com", "rnicrosoft.com", "vvikipedia.org", "g00gle.com", "login.arnazon.co.uk"]
)
def test_twin_of_a_well_known_host_is_found_without_a_list(host):
    (twin,) = find_twins([host], [])

    assert twin.known in WELL_KNOWN


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("museum.example", "museum.example"),
        ("www.museum.example", "museum.example"),
        ("museum.example", "www.museum.example"),
        ("museums.example", "museum.example"),
        ("museum.test", "museum.example"),
        ("rnuseum.test", "museum.example"),
        ("sch000l.example", "school.example"),  # three swaps: nobody mistakes it
        ("modern.example", "garden.example"),
        ("m.example", "rn.example"),  # too short
        ("cl.example", "d.example"),
        ("en.wikipedia.org", "wikipedia.org"),
        ("mail.google.com", ""),
        ("localhost", ""),
        ("192.168.0.1", "192.168.0.l"),
        ("[2001:db8::1]", ""),
        ("", ""),
    ],
)
def test_other_host_is_no_twin(host, known):
    assert find_twins([host], [known]) == ()


def test_well_known_hosts_are_no_twins_of_each_other():
    assert find_twins(sorted(WELL_KNOWN), []) == ()
    assert all(not WELL_KNOWN.intersection(spellings(host)) for host in WELL_KNOWN)


# Hosts that an encyclopedia, a newspaper, a town and a programmer link to: real names, to count false alarms with.
REAL = """
    archive.org arxiv.org bbc.co.uk berlin.de bl.uk bnf.fr britannica.com bund.de bundestag.de cambridge.org cnn.com
    creativecommons.org crossref.org debian.org djangoproject.com doi.org dw.com europa.eu flickr.com gnu.org gov.uk
    gutenberg.org harvard.edu heise.de imdb.com jstor.org kernel.org lemonde.fr loc.gov louvre.fr maps.google.com
    metmuseum.org moma.org mozilla.org nasa.gov nature.com nhm.ac.uk nih.gov noaa.gov npr.org nytimes.com oecd.org
    openstreetmap.org orcid.org oxford.ac.uk pypi.org python.org reuters.com rijksmuseum.nl rki.de sciencedirect.com
    smithsonianmag.com spiegel.de springer.com stanford.edu tagesschau.de theguardian.com un.org unesco.org unicode.org
    usgs.gov w3.org wdr.de who.int wiley.com wikimedia.org wikipedia.org worldcat.org wto.org zeit.de zdf.de cern.ch
    ietf.org rfc-editor.org iana.org icann.org postgresql.org sqlite.org redis.io nginx.org apache.org docker.com
    meduza.io ria.ru tass.ru vedomosti.ru kommersant.ru mos.ru aljazeera.net alarabiya.net bbcarabic.com ahram.org.eg
    people.com.cn xinhuanet.com sina.com.cn zhihu.com asahi.com mainichi.jp nhk.or.jp yomiuri.co.jp corriere.it
    repubblica.it elpais.com elmundo.es clarin.com folha.uol.com.br globo.com gazeta.pl wyborcza.pl
""".split()


def test_no_two_real_hosts_read_like_each_other():
    assert find_twins(REAL, []) == ()
    assert [twin for host in REAL for twin in find_twins([host], set(REAL) - {host})] == []


def test_spellings_are_bounded():
    assert len(spellings(".".join(["lioldwm10rnvvcl" * 4] * 20))) < 1_000


@given(st.text(alphabet="rnmvwcld1il0o.-abc", max_size=80))
def test_to_read_alike_is_mutual(host):
    for name in spellings(host)[:5]:
        if name.count(".") == host.count(".") and not host.startswith("www."):
            assert find_twins([host], [name]) in ((HostTwin(host, name),), ())
    assert host not in spellings(host)
