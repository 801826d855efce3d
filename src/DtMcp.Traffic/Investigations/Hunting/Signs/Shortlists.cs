using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>
/// For each rule the channels worth a closer look, by what costs nothing to compare, and what each host took: one pass over all channels
/// for all rules.
/// </summary>
internal sealed class Shortlists
{
    public Shortlists(ChannelBook book, int hosts)
    {
        (SentTo, TakesOutside, TakesMail, FailedOf) = (new long[hosts], new bool[hosts], new bool[hosts], new int[hosts]);
        GoesOut = new bool[book.All.Count];
        var id = -1;
        foreach (ref readonly var channel in book.All)
        {
            id++;
            var port = channel.Key.Port;
            if (HuntPorts.IsMail(port))
            {
                TakesMail[channel.Key.Destination] |= channel.TwoWay > 0 && channel.Way != Way.Out;
                if (channel.GoesOut)
                {
                    MailOut.Add(id);
                }
            }

            if (channel.GoesOut)
            {
                GoesOut[id] = true;
                TakesOutside[channel.Key.Destination] = true;
                SentTo[channel.Key.Destination] += Math.Min(channel.BytesOut, HuntRules.UploadLow);
                if (channel.LongestMs >= Math.Min(HuntRules.LongMs, HuntRules.LongInShortMs))
                {
                    Long.Add(id);
                }
            }
            else if (channel.Way == Way.Inside && channel.TwoWay > 0)
            {
                if (HuntPorts.IsAdmin(port))
                {
                    AdminInside.Add(id);
                }

                if (port is HuntPorts.Kerberos)
                {
                    Kerberos.Add(id);
                }
            }

            if (channel.Way != Way.Inside && HuntPorts.IsAdmin(port))
            {
                AdminAcross.Add(id);
            }

            if (channel.Connections >= HuntRules.FewestGuesses && HuntPorts.AsksPassword(port))
            {
                Repeated.Add(id);
            }

            if (channel.IsInVain && port != 0)
            {
                FailedOf[channel.Key.Source]++;
            }

            if (channel.Refused >= HuntRules.RefusedConnections)
            {
                Refused.Add(id);
            }
        }
    }

    /// <summary>By channel, whether it goes out.</summary>
    public bool[] GoesOut { get; }

    /// <summary>By host, whether channels go out to it.</summary>
    public bool[] TakesOutside { get; }

    /// <summary>By host, whether it took mail of anyone: a mail server.</summary>
    public bool[] TakesMail { get; }

    /// <summary>By host, the bytes that were sent out to it, of each channel <see cref="HuntRules.UploadLow"/> at most.</summary>
    public long[] SentTo { get; }

    /// <summary>By host, the channels that it began of which nothing was answered.</summary>
    public int[] FailedOf { get; }

    /// <summary>Administration across the edge.</summary>
    public List<int> AdminAcross { get; } = [];

    /// <summary>Administration inside, answered.</summary>
    public List<int> AdminInside { get; } = [];

    /// <summary>Mail sent out.</summary>
    public List<int> MailOut { get; } = [];

    /// <summary>Tickets given out.</summary>
    public List<int> Kerberos { get; } = [];

    /// <summary>Connections again and again to where a password is asked for.</summary>
    public List<int> Repeated { get; } = [];

    /// <summary>Refused or unanswered often.</summary>
    public List<int> Refused { get; } = [];

    /// <summary>Out, with a connection that lasted.</summary>
    public List<int> Long { get; } = [];
}
