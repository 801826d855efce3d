using System.Globalization;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Scenarios;

// The outside, with invented names (RFC 2606 domains), documentation and benchmark addresses (RFC 5737, RFC 2544, RFC 3849) and
// documentation AS numbers (RFC 5398).
internal sealed class OfficeSites
{
    private static readonly OutsideInfo[] Places =
    [
        new()
        {
            Country = "Germany",
            CountryCode = "DE",
            Asn = "AS64496 Rheinbogen Cloud",
            City = "Frankfurt am Main",
            Region = "Europe",
            Latitude = 50.11,
            Longitude = 8.68,
        },
        new()
        {
            Country = "United States",
            CountryCode = "US",
            Asn = "AS64497 Blue Mesa Networks",
            City = "Ashburn",
            Region = "North America",
            Latitude = 39.04,
            Longitude = -77.49,
        },
        new()
        {
            Country = "United Kingdom",
            CountryCode = "GB",
            Asn = "AS64498 Thamesway Hosting",
            City = "London",
            Region = "Europe",
            Latitude = 51.51,
            Longitude = -0.13,
        },
        new()
        {
            Country = "Netherlands",
            CountryCode = "NL",
            Asn = "AS64499 Polder Edge",
            City = "Amsterdam",
            Region = "Europe",
            Latitude = 52.37,
            Longitude = 4.9,
        },
        new()
        {
            Country = "Ireland",
            CountryCode = "IE",
            Asn = "AS64500 Liffey Compute",
            City = "Dublin",
            Region = "Europe",
            Latitude = 53.35,
            Longitude = -6.26,
        },
        new()
        {
            Country = "France",
            CountryCode = "FR",
            Asn = "AS64501 Marais Transit",
            City = "Paris",
            Region = "Europe",
            Latitude = 48.86,
            Longitude = 2.35,
        },
        new()
        {
            Country = "Sweden",
            CountryCode = "SE",
            Asn = "AS64502 Norrsken Data",
            City = "Stockholm",
            Region = "Europe",
            Latitude = 59.33,
            Longitude = 18.07,
        },
        new()
        {
            Country = "Japan",
            CountryCode = "JP",
            Asn = "AS64503 Sumida Exchange",
            City = "Tokyo",
            Region = "Asia",
            Latitude = 35.68,
            Longitude = 139.69,
        },
        new()
        {
            Country = "Canada",
            CountryCode = "CA",
            Asn = "AS64504 Laurentian Fibre",
            City = "Montreal",
            Region = "North America",
            Latitude = 45.5,
            Longitude = -73.57,
        },
        new()
        {
            Country = "Spain",
            CountryCode = "ES",
            Asn = "AS64505 Meseta Servers",
            City = "Madrid",
            Region = "Europe",
            Latitude = 40.42,
            Longitude = -3.7,
        },
    ];

    // Where the incidents lead: countries that the rest of the office does not use, so that they can be told apart at a glance.
    private static readonly OutsideInfo[] FarPlaces =
    [
        new()
        {
            Country = "Iceland",
            CountryCode = "IS",
            Asn = "AS64506 Basalt Hosting",
            City = "Reykjavik",
            Region = "Europe",
            Latitude = 64.15,
            Longitude = -21.94,
        },
        new()
        {
            Country = "Panama",
            CountryCode = "PA",
            Asn = "AS64507 Isthmus Colocation",
            City = "Panama City",
            Region = "Central America",
            Latitude = 8.98,
            Longitude = -79.52,
        },
        new()
        {
            Country = "Seychelles",
            CountryCode = "SC",
            Asn = "AS64508 Coral Rack",
            City = "Victoria",
            Region = "Africa",
            Latitude = -4.62,
            Longitude = 55.45,
        },
        new()
        {
            Country = "Moldova",
            CountryCode = "MD",
            Asn = "AS64509 Codru Servers",
            City = "Chisinau",
            Region = "Europe",
            Latitude = 47.01,
            Longitude = 28.86,
        },
        new()
        {
            Country = "Vanuatu",
            CountryCode = "VU",
            Asn = "AS64510 Reef Transit",
            City = "Port Vila",
            Region = "Oceania",
            Latitude = -17.73,
            Longitude = 168.32,
        },
    ];

    private static readonly string[] First =
        ["amber", "birch", "cedar", "copper", "coral", "crane", "delta", "ember", "fern", "flint", "garnet", "harbor", "hazel", "indigo",
            "iron", "juniper", "lark", "linden", "maple", "meadow", "north", "ochre", "opal", "pine", "quartz", "raven", "river", "saffron",
            "silver", "slate", "sorrel", "tidal", "umber", "violet", "willow", "winter"];

    private static readonly string[] Second =
        ["atlas", "basket", "bench", "bridge", "canvas", "chart", "clinic", "corner", "desk", "docs", "field", "forge", "forum", "gazette",
            "guide", "journal", "kitchen", "ledger", "library", "market", "mill", "notes", "parts", "press", "register", "review", "school",
            "store", "studio", "supply", "tools", "travel", "weather", "works"];

    private static readonly string[] Domains = ["example.com", "example.net", "example.org", "test"];

    private readonly OfficePlan _plan;
    private readonly SplitMix _random;
    private readonly string[] _names;
    private int _named;
    private int _web;

    public OfficeSites(OfficePlan plan, SplitMix random)
    {
        (_plan, _random) = (plan, random);
        _names = [.. First.SelectMany(first => Second.Select(second => first + second))];
        random.Shuffle(_names.AsSpan());
        var size = plan.Size;
        Saas = Some(size.Saas, i => Add(SiteKind.Saas, Near(i), $"{Name()}-app.test", i < 200 ? $"198.51.100.{i + 20}" : NextWeb()));
        Cdn = Some(size.Cdn, i => Add(SiteKind.Cdn, Near(i), $"edge{i + 1}.{Name()}-cdn.test", NextWeb()));
        Web = Some(size.Sites,
            i => Add(SiteKind.Web, Any(), $"www.{Name()}.{Domains[random.Below(Domains.Length)]}",
                i % 20 == 7 ? $"2001:db8:{random.Between(1, 0xfff):x}:{i:x}::{random.Between(1, 0xffff):x}" : NextWeb()));
        Time = Some(4, i => Add(SiteKind.Time, Places[i], $"ntp{i + 1}.time.example.net", $"192.0.2.{i + 10}"));
        Updates = Some(2, i => Add(SiteKind.Update, Places[i], $"updates{i + 1}.vendor.test", $"192.0.2.{i + 20}"));
        Calls = Some(size.Calls, i => Add(SiteKind.Call, Near(i), $"media{i + 1}.meetings.test", i < 80 ? $"192.0.2.{i + 30}" : NextWeb()));
        Relays = Some(size.Relays,
            i => Add(SiteKind.Relay, Any(), $"mx{i + 1}.{Name()}.example.org", i < 100 ? $"192.0.2.{i + 120}" : NextWeb()));
        Visitors = Some(size.Visitors, i => Add(SiteKind.Visitor, Any(), $"client-{i + 1}.isp.example.net", NextWeb()));
        RemoteWorkers = Some(5, i => Add(SiteKind.RemoteWorker, Places[2], $"home-{i + 1}.broadband.example.net", $"192.0.2.{i + 240}"));
        Resolvers = Some(2, i => Add(SiteKind.Resolver, Places[i + 1], $"resolver{i + 1}.dns.example.net", $"192.0.2.{i + 4}"));
        random.Shuffle(Web.AsSpan());
    }

    public Site[] Saas { get; }

    public Site[] Cdn { get; }

    public Site[] Web { get; }

    public Site[] Time { get; }

    public Site[] Updates { get; }

    public Site[] Calls { get; }

    public Site[] Relays { get; }

    public Site[] Visitors { get; }

    public Site[] RemoteWorkers { get; }

    public Site[] Resolvers { get; }

    public IEnumerable<Site> Ordinary =>
        [.. Saas, .. Cdn, .. Web, .. Time, .. Updates, .. Calls, .. Relays, .. Visitors, .. RemoteWorkers, .. Resolvers];

    /// <summary>A rare host outside, for an incident; each number has its own place and address.</summary>
    public Site AddRare(int number, string hostname) =>
        _plan.AddSite(SiteKind.Incident, string.Create(CultureInfo.InvariantCulture, $"203.0.113.{(40 * number) + 12 + _random.Below(28)}"),
            FarPlaces[number] with { Hostname = hostname });

    private static OutsideInfo Near(int place) => Places[place % 5];

    private OutsideInfo Any() => Places[_random.Below(Places.Length)];

    private string Name()
    {
        var round = _named / _names.Length;
        var name = _names[_named++ % _names.Length];
        return round == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{round + 1}");
    }

    // 198.18.0.0/15, in steps that leave no two neighbours alike; never the first or last of a /24.
    private string NextWeb()
    {
        uint host;
        do
        {
            host = (uint)(++_web * 40_503) & 0x1_ffff;
        }
        while ((host & 255) is 0 or 255);

        return string.Create(CultureInfo.InvariantCulture, $"198.{18 + (host >> 16)}.{(host >> 8) & 255}.{host & 255}");
    }

    private Site Add(SiteKind kind, OutsideInfo place, FormattableString name, string address) =>
        _plan.AddSite(kind, address, place with { Hostname = FormattableString.Invariant(name) });

    private static Site[] Some(int count, Func<int, Site> make) => [.. Enumerable.Range(0, count).Select(make)];
}
