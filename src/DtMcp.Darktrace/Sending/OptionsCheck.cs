using System.Diagnostics.CodeAnalysis;
using DtMcp.Darktrace.Errors;

namespace DtMcp.Darktrace.Sending;

/// <summary>What must hold before anything is sent.</summary>
internal static class OptionsCheck
{
    internal static void Run(DarktraceOptions options)
    {
        var host = options.Host;
        if (!host.IsAbsoluteUri || (host.Scheme != Uri.UriSchemeHttps && host.Scheme != Uri.UriSchemeHttp))
        {
            Refuse("The host is no https address.", "Give https:// and the instance's name.");
        }

        if (host.Scheme == Uri.UriSchemeHttp && !host.IsLoopback)
        {
            Refuse("Plain http is for loopback only: the answers would cross the network unprotected.", "Give an https:// address.");
        }

        if (host.AbsolutePath != "/" || host.Query.Length > 0 || host.Fragment.Length > 0 || host.UserInfo.Length > 0)
        {
            Refuse("The host has more than a name and a port.", "Give https://name or https://name:port and nothing after it.");
        }

        if (options.PublicToken.Length == 0 || options.PublicToken.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            Refuse("The public token is missing or holds a blank, a line end or a special character.", "Copy it again, whole.");
        }

        if (!options.PrivateToken.IsWellFormed)
        {
            Refuse("The private token is missing or holds a blank, a line end or a special character.", "Copy it again, whole.");
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromDays(1))
        {
            Refuse("The timeout is not between 0 seconds and a day.", "Give a number of seconds, such as 60.");
        }

        if (options.MaxConcurrency < 1)
        {
            Refuse("Less than one request at once is none.", "Give a whole number from 1 up, such as 4.");
        }
    }

    [DoesNotReturn]
    private static void Refuse(string happened, string remedy) =>
        throw new ApplianceException(ApplianceError.InvalidArgument, happened, remedy);
}
