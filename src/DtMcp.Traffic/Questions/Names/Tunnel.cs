using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions.Names;

/// <summary>A domain of which one device looked up so many different names that they may carry data.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Device">Who looked them up.</param>
/// <param name="Server">Who was asked most.</param>
/// <param name="Names">How many different ones.</param>
/// <param name="Lookups">How often in all.</param>
/// <param name="Longest">Letters of the longest name.</param>
/// <param name="First">Milliseconds since 1970.</param>
/// <param name="Last">Milliseconds since 1970.</param>
public sealed record Tunnel(
    string Domain, NetAddress Device, NetAddress Server, int Names, long Lookups, int Longest, long First, long Last)
{
    /// <summary>Names from which on it is told at all, and the steps above: those of RITA (activecm/rita, C2 over DNS).</summary>
    public const int Least = 100;
    public const int Medium = 500;
    public const int High = 800;
    public const int Critical = 1_000;

    /// <summary>By RITA's steps.</summary>
    public string Severity => Names switch { >= Critical => "critical", >= High => "high", >= Medium => "medium", _ => "low" };
}
