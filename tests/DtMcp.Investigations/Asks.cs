using System.Globalization;

namespace DtMcp.Investigations;

/// <summary>Each kind of question in two wordings: that of the tasks, and another, which shows what fits the first words alone.</summary>
internal static class Asks
{
    private static readonly Dictionary<string, (string Ask, string Other)> OfKinds = new()
    {
        ["upload"] = ("Which host outside takes most bytes, and how many?", "Where on the Internet does most of the volume go?"),
        ["bandwidth"] = ("Which device moves most bytes?", "What is the heaviest device by volume?"),
        ["hours"] = ("In which hour does {0} move most bytes?", "When was {0} busiest, by bytes?"),
        ["ports"] = ("Which destination port is used most?", "What is the most common service port?"),
        ["protocols"] = ("How many connections and bytes are UDP?", "What is the part of UDP in it?"),
        ["device"] = ("How many hosts outside did {0} begin connections to?", "To how many external destinations did {0} connect?"),
        ["who else"] = ("Who talks to {0}, and since when?", "By whom is {0} contacted, and from when on?"),
        ["devices of a host"] = ("How many devices talk to {0}?", "How widespread is {0} inside?"),
        ["failed"] = ("How many connections of {0} failed?", "Did attempts of {0} come to nothing, and how many?"),
        ["pair"] = ("How much went between {0} and {1}?", "What passed from {0} to {1} and back?"),
        ["longest row"] = ("Which single connection is the largest?", "Show the biggest transfer of all."),
        ["sent"] = ("Which device sent most in all?", "Who is the biggest sender?"),
        ["peers"] = ("Which device has most peers?", "Who talks to the largest number of different hosts?"),
        ["large"] = ("How many connections are of 10 MB or more?", "Count the transfers above 10 MB."),
        ["inside"] = ("How many connections stay inside?", "How much of it never leaves the network?"),
        ["first"] = ("Which host outside did {0} reach first, and when?", "What was the earliest external contact of {0}?"),
        ["beacon"] = ("Does anything call home regularly?", "Is there beaconing?"),
        ["new"] = ("Which device is new?", "Has anything joined since yesterday?"),
        ["names"] = ("Which names did {0} use that nobody else did?", "What did {0} look up that no other device looked up?"),
        ["countries"] = ("Which country gets most bytes?", "Into which countries does data flow?"),
        ["ports of a device"] = ("Which ports does {0} call?", "What services does {0} use?"),
        ["came in"] = ("How many connections came from outside?", "Did anybody connect to us from the Internet, how often?"),
        ["direction"] = ("How many connections go out?", "How much of it is outbound?"),
        ["states"] = ("How many connections failed in all?", "How many attempts were refused or never answered?"),
    };

    public static string Of(string kind, bool inOtherWords, params string[] of) => string.Format(
        CultureInfo.InvariantCulture, inOtherWords ? OfKinds[kind].Other : OfKinds[kind].Ask, [.. of]);
}
