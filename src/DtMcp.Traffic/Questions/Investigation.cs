using DtMcp.Darktrace.Requests;

namespace DtMcp.Traffic.Questions;

/// <summary>
/// What a tool wants to find out: a value, so that two that are equal are answered once. A tool hands it over with its question; how it is
/// answered stands in the classes that derive from it.
/// </summary>
public abstract record Investigation
{
    /// <summary>The tool's name, which heads the answer.</summary>
    public abstract string Name { get; }

    /// <summary>What it needs beside the question's filters.</summary>
    internal virtual Needs Needs => default;

    /// <summary>What was asked of it beside the filters, as the answer echoes it.</summary>
    internal virtual IReadOnlyList<(string Name, string Value)> Arguments => [];
}

/// <summary>What an investigation needs beside its filters.</summary>
/// <param name="IntExt">The side that it implies.</param>
/// <param name="WantsSeries">Bytes by device and hour.</param>
/// <param name="WantsOutside">The peers outside beside everything else.</param>
/// <param name="IsAboutDevice">One device, which is described, with its model breaches.</param>
/// <param name="WantsOwnBytes">What each device received and sent itself.</param>
/// <param name="IsAboutEndpoint">One host outside, which is described.</param>
/// <param name="WantsNames">What entries of names say of the window.</param>
internal readonly record struct Needs(TrafficSide? IntExt = null, bool WantsSeries = false, bool WantsOutside = false,
    bool IsAboutDevice = false, bool WantsOwnBytes = false,
    bool IsAboutEndpoint = false, NamesWanted WantsNames = NamesWanted.None);

/// <summary>What is asked of entries of names before the traffic.</summary>
internal enum NamesWanted
{
    None,

    /// <summary>The names of far ends.</summary>
    OfHosts,

    /// <summary>What a hunt looks for in names that were looked up.</summary>
    Lookups,

    /// <summary>That as well, where no filter leaves connections out that names know nothing of.</summary>
    LookupsBeside,
}
