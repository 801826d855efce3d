using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions.Names;

/// <summary>Domains that one device asked for and nobody has, as a program does that looks for its server under made-up names.</summary>
/// <param name="Device">Who asked.</param>
/// <param name="Server">Who was asked most.</param>
/// <param name="Domains">How many different ones nobody has, by their label below the last.</param>
/// <param name="Asked">How many different ones it asked for in all.</param>
/// <param name="Lookups">How often it asked for those that nobody has.</param>
/// <param name="Entropy">The median of their labels' Shannon entropy, in bits a letter.</param>
/// <param name="Letters">The median of their labels' lengths.</param>
/// <param name="Example">One of them, the first by the alphabet.</param>
/// <param name="First">Milliseconds since 1970.</param>
/// <param name="Last">Milliseconds since 1970.</param>
public sealed record NowhereDomains(
    NetAddress Device, NetAddress Server, int Domains, int Asked, long Lookups, double Entropy, int Letters, string Example, long First,
    long Last);
