package main

import (
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// toSandbox leads each call to a sandbox.
type toSandbox struct{ host string }

func (to toSandbox) RoundTrip(call *http.Request) (*http.Response, error) {
	call.URL.Scheme, call.URL.Host, call.Host = "http", to.host, ""
	return http.DefaultTransport.RoundTrip(call)
}

func main() {
	session, err := discordgo.New("Bot " + os.Getenv("TOKEN"))
	if err != nil {
		log.Fatal(err)
	}
	session.Client.Transport = toSandbox{strings.TrimPrefix(os.Getenv("SANDBOX_URL"), "http://")}
	session.Identify.Intents = discordgo.IntentsGuilds
	session.AddHandler(func(s *discordgo.Session, ready *discordgo.Ready) {
		commands := []*discordgo.ApplicationCommand{{Name: "ping", Description: "Answers"}}
		if _, err := s.ApplicationCommandBulkOverwrite(ready.Application.ID, "", commands); err != nil {
			log.Fatal(err)
		}
	})
	session.AddHandler(func(s *discordgo.Session, asked *discordgo.InteractionCreate) {
		answer := &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Content: "pong"},
		}
		if err := s.InteractionRespond(asked.Interaction, answer); err != nil {
			log.Fatal(err)
		}
	})
	if err := session.Open(); err != nil {
		log.Fatal(err)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt)
	<-ended
}
