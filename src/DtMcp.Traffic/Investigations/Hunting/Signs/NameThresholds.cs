namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>What decides in names that were looked up. Of tunnels see <see cref="Questions.Names.Tunnel"/>.</summary>
internal static class NameThresholds
{
    /// <summary>
    /// Different domains that nobody has, of one device: Microsoft Sentinel's "Potential DGA detected" is medium above 100 a day.
    /// </summary>
    public const int ManyNowhere = 100;

    /// <summary>
    /// Fewer are medium where most of what it asks for is not there and looks drawn by lot as well: then a third of that number.
    /// </summary>
    public const int SomeNowhere = 30;

    /// <summary>The share of a device's domains that nobody has; people who mistype have a few in a hundred.</summary>
    public const double MostNowhere = 0.5;

    /// <summary>
    /// Bits a letter of labels that look drawn by lot: twelve letters of twenty-six have some 3.2, words of eight letters 2.5 to 2.8.
    /// </summary>
    public const double RandomEntropy = 3.0;
}
